"""Requests joined and taken apart: duplicates, parts, ties by hand."""
