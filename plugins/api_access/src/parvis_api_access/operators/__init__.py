"""Pages of operators: tokens and OAuth clients, each with its limits, its keys and its end."""
