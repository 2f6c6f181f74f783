"""The step that makes the tables of sets and restores."""
