"""How places are found by words: what people type, what streets and places are called, and which of them is meant."""
