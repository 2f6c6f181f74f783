"""The steps that make the table of mandates."""
