"""What every town must answer: a person’s requests about their own personal information."""
