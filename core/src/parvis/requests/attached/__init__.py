"""Files that come with requests: received, judged, scanned, kept."""
