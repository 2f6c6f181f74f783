"""The steps that make the tables of grants and of proposals."""
