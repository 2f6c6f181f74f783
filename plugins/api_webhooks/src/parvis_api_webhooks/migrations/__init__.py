"""The steps that make the tables of webhooks by the API."""
