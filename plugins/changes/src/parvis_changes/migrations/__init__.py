"""The steps that make the tables of numbered changes."""
