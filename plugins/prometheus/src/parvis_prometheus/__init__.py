"""Measures of an installation, in the format of Prometheus."""
