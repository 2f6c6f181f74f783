"""Text messages both ways: what people answer, when they want no more, and what became of the town's own."""
