"""What the mails about people and their accounts say, in the language and the zone of whoever reads them."""
