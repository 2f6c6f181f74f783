"""Requests found, listed, counted and changed many at a time."""
