"""Answers on their way: drafts, who may go on with them, what the request will cost."""
