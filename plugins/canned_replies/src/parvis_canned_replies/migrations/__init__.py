"""The steps that make the tables of ready texts, or take them over."""
