"""At the desk: what plugins ask the units of the town to do, on the page of a request and in a list."""
