"""What everybody reads: how long things take, open data; and the link that stops a report."""
