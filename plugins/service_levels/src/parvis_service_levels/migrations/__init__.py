"""The steps that make the tables of service levels, or take them over."""
