"""Opinions asked of colleagues and of bodies outside: tasks, words, reminders."""
