"""Requests as lists, on a map, many at a time; what is left lying."""
