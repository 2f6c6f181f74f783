"""The steps that make the tables of fees, or take them over."""
