"""The building permit: its questions, fee, opinions and inspections."""
