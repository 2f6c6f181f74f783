"""How long requests are kept, who looked at them, from whom they are kept away."""
