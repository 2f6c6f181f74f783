"""Documents of the town: what they say, their numbers and codes, how they are set, signed, kept and verified."""
