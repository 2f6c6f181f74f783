"""The portal pages of the module: sign-in by a mailed link, and the resident's own pages behind it."""
