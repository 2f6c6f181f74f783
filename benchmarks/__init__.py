"""What speed costs and gives, measured as ratios within one run; see README.md."""
