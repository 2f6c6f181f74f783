"""What goes on in the town around requests: incidents, notices, operations, schedules."""
