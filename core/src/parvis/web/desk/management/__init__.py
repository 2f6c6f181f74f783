"""Figures, reports, trials and packs, for those who answer for a unit."""
