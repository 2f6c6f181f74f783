"""Read models: figures for managers, people who called before, sheets to take away. Nothing is written here."""
