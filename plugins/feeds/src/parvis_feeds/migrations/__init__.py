"""The step that makes the table of the private addresses of calendars."""
