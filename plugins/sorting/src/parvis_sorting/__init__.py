"""A page on which messages of one channel that stand on no request are sorted."""
