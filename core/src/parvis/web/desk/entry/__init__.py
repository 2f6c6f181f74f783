"""What comes by telephone, at the counter and by mail, and what is owed to people in return."""
