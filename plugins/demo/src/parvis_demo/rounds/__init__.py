"""Rounds of road crews, as a plugin of the demo: the sdk alone, with panels, pages, an endpoint and proposals."""
