"""Who has a part in a request, and who is written to about it."""
