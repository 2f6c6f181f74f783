"""Inspections at the desk: what waits for a visit, one visit with its results, the round of a day."""
