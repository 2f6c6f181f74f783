"""The steps of the database of grants."""
