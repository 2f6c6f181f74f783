"""Requests of another system, brought in from its files."""
