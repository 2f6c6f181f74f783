"""Tasks that plugins give people of the town: kept once by their key, done at the desk, escalated, withdrawn."""
