"""Documents in large print."""
