"""Ready texts: those of the town in versions, those that somebody keeps for themselves, chosen for one request."""
