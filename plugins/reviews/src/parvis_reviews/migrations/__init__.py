"""The steps of the tables of reviews."""
