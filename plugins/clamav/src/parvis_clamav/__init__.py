"""ClamAV as a virus scanner, for Parvis."""
