"""What the module answers to anybody: the way in by a mailed link, and behind it the pages of whoever has come in."""
