"""Before a form: what may be done at a place, and whether a request is needed at all."""
