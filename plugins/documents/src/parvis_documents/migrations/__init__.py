"""The steps that make the tables of documents, or take them over."""
