"""At the desk: the checklist beside a request."""
