"""Desk pages: what is held under the address of a person who asks for their own information, and its erasure."""
