"""Opinions to give, and what is done with them."""
