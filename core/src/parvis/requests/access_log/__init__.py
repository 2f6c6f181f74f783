"""Who looked at what, and what was revealed for a reason."""
