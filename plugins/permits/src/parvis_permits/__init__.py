"""Permits and certificates of a town."""
