"""What every town must answer to: a person's demands about their own personal information."""
