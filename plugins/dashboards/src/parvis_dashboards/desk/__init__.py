"""The pages of the desk: the dashboard and what comes of it."""
