"""The module of pages of plugins."""
