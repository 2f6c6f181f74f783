"""What the desk of a town shows of days to look again."""
