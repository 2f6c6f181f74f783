"""The steps that make the table of absences, or take it over."""
