"""Places found for a page."""
