"""What became of requests, in one numbered order that skips nothing, for programs that keep a copy of them."""
