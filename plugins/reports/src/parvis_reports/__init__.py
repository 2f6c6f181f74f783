"""Reports to a town: something in the street, the park or the collection is not as it should be."""
