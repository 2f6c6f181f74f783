"""What the town promises instead of its request types: lines in versions, and the terms that a request has by them."""
