"""Zones, assets, places and addresses of a town, from the geographic files that it has."""
