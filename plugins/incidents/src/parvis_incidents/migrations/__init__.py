"""The steps that make the tables of incidents and notices, or take them over."""
