"""The steps that make the table of supplements, or take it over."""
