"""What colleagues go through on a request, line by line, with who did what and when."""
