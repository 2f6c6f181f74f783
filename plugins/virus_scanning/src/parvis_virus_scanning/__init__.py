"""Files that are held, handed to the virus scanner, and released or destroyed by what it says."""
