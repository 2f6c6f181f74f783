"""A payment provider that is none: the same protocol and a page to press on, for demonstrations and tests; no money."""
