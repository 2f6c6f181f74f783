"""The steps that make the tables of connectors, or take them over."""
