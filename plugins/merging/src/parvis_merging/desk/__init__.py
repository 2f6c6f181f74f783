"""Tying, merging and splitting at the desk."""
