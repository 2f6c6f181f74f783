"""How the town wants things done: rules of routing, service levels and ready texts, written and put in force."""
