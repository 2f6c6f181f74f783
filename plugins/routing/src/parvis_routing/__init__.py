"""Who receives a request: ordered rules that a manager edits, what they decide, and why."""
