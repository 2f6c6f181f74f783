"""Signing in and out, and the guard that stands before the desk and the operators' pages."""
