"""What is to be corrected or added: marked, answered, reminded of, kept in versions."""
