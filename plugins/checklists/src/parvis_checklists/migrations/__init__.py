"""The steps that make the table of lines of checklists, or take it over."""
