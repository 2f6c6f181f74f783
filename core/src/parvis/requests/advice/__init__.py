"""What is said in place of a request, or beside one: notices, schedules, and what others know to be under way."""
