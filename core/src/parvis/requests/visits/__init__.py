"""Visits of inspectors: planned, made, followed by others."""
