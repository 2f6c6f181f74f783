"""Mail that people write to the town: read, judged, placed by its mark, filed once."""
