"""Signing in by the town's own identity providers (OpenID Connect), and the roles that their groups give."""
