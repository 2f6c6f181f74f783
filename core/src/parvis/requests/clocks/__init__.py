"""Clocks of a request: what its terms allow, how they run and rest, what is measured by them."""
