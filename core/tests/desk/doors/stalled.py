"""Stalled work."""

OPENED_BY = {("GET", "/bureau/ce-qui-traine"): {"see"}}
