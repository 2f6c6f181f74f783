"""What requests are to each other: parts, duplicates, the same matter; and what follows for those who go on as one."""
