"""Incidents and notices of the town."""
