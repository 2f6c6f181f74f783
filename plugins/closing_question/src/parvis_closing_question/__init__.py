"""Is it settled? The question after the work, and what follows when people say that it is not."""
