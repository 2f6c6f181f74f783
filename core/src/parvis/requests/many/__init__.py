"""Many requests changed at a time, and the next one given to whoever asks for it."""
