"""The daily work of the town on a request: words, calls, reminders, who is writing."""
