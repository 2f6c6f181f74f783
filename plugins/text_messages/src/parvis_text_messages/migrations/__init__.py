"""The chain of this module."""
