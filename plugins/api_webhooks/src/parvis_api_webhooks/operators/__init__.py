"""Pages of operators: the webhooks of their towns."""
