"""What the mails about appointments say, in the words, the language and the zone of whoever reads them."""
