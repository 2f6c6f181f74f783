"""The people of a request: who asked, who follows, who was let in, to whom it was handed over."""
