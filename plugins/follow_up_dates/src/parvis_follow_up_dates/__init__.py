"""A day on which staff look at a request again, and the list of those whose day has come."""
