"""What requests are to each other: parts, duplicates, owners."""
