"""The pages on which rules of routing are read, written, tried and put in force."""
