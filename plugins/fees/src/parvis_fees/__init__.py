"""Fees of requests: asked for, paid, given back, reconciled with the provider."""
