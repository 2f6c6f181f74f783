"""Documents of the town: what they say, their numbers and codes, how they are made, signed, kept and verified."""
