"""How the town wants things done: rules of routing and service levels, written and put in force."""
