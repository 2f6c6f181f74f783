"""Tiles of the base map of a town by its own address, and where each lies at its source."""
