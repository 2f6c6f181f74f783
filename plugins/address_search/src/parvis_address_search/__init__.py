"""Addresses, crossings and places of a town, found by words or by a point in files of its own."""
