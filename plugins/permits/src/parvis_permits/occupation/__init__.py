"""The permit to occupy the public domain."""
