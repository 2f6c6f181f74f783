"""What operators read: sign-ins, the access log of a day, and whether a history is whole."""
