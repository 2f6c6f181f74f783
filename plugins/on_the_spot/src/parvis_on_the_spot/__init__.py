"""On the spot: a request begun from a photo, and codes put up where things are."""
