"""Signed lists of what is to be destroyed, the register of what was, and erasure that a person asks for."""
