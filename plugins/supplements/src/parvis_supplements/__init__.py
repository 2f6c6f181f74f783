"""What a requester is asked to correct or to add: marked, answered, reminded of, kept in versions."""
