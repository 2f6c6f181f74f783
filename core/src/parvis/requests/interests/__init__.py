"""Interests that people of the town declare, and from which requests these keep them."""
