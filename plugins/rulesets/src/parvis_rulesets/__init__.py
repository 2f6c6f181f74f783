"""Rule sets that a town puts in force by versions: their draft, their versions, their files and their pages."""
