"""Parvis, the host: citizen services of a municipality, from the resident's first word to the town's last."""

__version__ = "0.1.0"
