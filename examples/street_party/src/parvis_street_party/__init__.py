"""Street party, for Parvis."""
