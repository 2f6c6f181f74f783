"""The steps that make the tables of lists and of proposals, or take them over."""
