"""The step that makes the table of client secrets."""
