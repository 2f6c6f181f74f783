"""Requests as lists, on a map, many at a time; stalled work."""
