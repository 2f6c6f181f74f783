"""The life that all permits share, from the application to the end of what was permitted."""
