"""The public page that says how the service is: what works, since when, and what a person does meanwhile."""
