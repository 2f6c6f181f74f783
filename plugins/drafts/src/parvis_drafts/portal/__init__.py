"""Pages of drafts that are put aside and taken up again."""
