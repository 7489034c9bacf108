"""What the mails about connections say, in the language and the zone of whoever reads them."""
