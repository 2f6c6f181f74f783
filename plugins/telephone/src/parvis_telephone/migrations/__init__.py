"""The steps that make the table of information given, or take it over."""
