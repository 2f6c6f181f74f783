"""Documents, money, corrections and conditions of a request."""
