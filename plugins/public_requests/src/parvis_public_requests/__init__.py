"""What a town shows of its requests to everybody: a list with a map and feeds, and what is reported of public pages."""
