"""The pages of a demonstration, open to everybody there and closed everywhere else."""
