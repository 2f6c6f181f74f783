"""A demonstration: the example towns with accounts and several months of requests, and another system beside them."""
