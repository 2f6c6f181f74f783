"""What its requester reads and answers: the question on their page, its own page, the way to say no, a new request."""
