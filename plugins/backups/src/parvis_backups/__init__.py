"""Backups of an installation, and restoring one: a module of Parvis."""
