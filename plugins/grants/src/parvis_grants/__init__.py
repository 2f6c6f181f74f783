"""What is granted: until when it holds, how it is renewed and handed over, and what the decision requires."""

NAME = "grants"  # of the module
