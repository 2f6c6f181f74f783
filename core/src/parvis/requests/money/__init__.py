"""Money of a request: asked for, paid, given back, reconciled with the provider."""
