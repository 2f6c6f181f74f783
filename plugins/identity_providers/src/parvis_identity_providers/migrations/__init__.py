"""The steps of the database of sign-in by identity providers."""
