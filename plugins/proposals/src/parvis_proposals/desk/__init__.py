"""At the desk: what plugins propose for a request, and deciding it."""
