"""What the module answers to anybody: the list with its map, its feeds, and the form that reports a page."""
