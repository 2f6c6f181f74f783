"""At the desk: rows that are ticked in the queue, what is done to them, and what became of each."""
