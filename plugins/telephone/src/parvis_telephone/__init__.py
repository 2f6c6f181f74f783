"""Telephone and counter: requests entered for callers and visitors, and people who are to be called."""
