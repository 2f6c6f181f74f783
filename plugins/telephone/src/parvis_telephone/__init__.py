"""A town that answers the telephone: requests entered for who calls or comes, and people who are to be called."""
