"""The steps that make the tables of Open311."""
