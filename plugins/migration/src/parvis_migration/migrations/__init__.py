"""The steps by which this module's tables came to be."""
