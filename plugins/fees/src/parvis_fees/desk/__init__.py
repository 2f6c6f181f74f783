"""Fees at the desk: what was charged for a request, and one charge with its payments and receipts."""
