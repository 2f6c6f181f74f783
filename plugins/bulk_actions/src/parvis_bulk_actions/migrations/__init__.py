"""The steps that make the tables of batches, or take them over."""
