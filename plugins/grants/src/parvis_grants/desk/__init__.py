"""What was granted at the desk: boxes of a request, conditions and due dates."""
