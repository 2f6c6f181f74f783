"""Public hearings: when and where people are heard about a request."""
