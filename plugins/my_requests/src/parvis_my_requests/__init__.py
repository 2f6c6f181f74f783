"""A resident’s own space: all the requests of one address, behind a link that is mailed to it and used once."""
