"""Who speaks for whom about a request, until when, and what they were told."""
