"""The steps that make the table of mail, or take it over."""
