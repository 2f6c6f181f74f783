"""Registers of access: who is signed in, who looked at what, what was revealed and why, whether a history is whole."""
