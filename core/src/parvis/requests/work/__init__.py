"""The daily work of the town on a request: words, calls, checklists, reminders, who is writing."""
