"""How long requests are kept: retention, destruction, erasure, and what a person may take away."""
