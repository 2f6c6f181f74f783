"""The steps of the database of public requests."""
