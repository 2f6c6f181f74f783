"""Figures, reports by mail and open data of a town: counted from what is there, written nowhere but for reports."""
