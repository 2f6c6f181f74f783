"""What was granted: conditions, proofs, ends."""
