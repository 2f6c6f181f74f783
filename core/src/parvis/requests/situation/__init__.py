"""What goes on in the town around requests: incidents, notices from the desk, operations."""
