"""Complaints to a town: about noise, about animals, and about the service it gives."""
