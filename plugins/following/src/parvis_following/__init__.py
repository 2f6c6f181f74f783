"""Following a request that another person made: what is already reported, and who asks to be told of it."""
