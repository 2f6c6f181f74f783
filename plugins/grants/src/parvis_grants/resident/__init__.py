"""What was granted on the private page of its holder: proofs of conditions, and handing it over."""
