"""The steps that make the tables of inspections, or take them over."""
