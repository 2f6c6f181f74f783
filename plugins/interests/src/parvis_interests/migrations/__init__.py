"""The steps that make the table of declared interests, or take it over."""
