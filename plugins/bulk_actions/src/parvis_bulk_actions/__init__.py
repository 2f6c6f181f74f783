"""Many requests at once: chosen in the queue, shown how each would fare, done in a batch that can be undone."""
