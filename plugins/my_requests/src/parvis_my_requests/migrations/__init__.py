"""The steps of the database of a resident’s own space."""
