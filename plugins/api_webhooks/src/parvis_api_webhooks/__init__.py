"""Webhooks that programs make by the API, and operators on their pages: told of requests, from any moment on."""
