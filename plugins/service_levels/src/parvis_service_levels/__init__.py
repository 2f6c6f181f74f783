"""Service levels: what a town promises instead of its request types, written at the desk and tried on the past."""
