"""At the desk: incidents, and notices of the town."""
