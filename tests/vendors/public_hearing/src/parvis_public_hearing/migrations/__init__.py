"""The steps of the tables of public hearings."""
