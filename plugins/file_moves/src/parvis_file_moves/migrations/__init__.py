"""The step that makes the table of contents on their way."""
