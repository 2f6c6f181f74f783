"""The steps that make the tables of routing, or take them over."""
