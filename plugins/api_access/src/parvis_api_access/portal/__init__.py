"""What the module answers to machines without a session: access tokens, and where they are asked for."""

from parvis_api_access.portal.endpoints import end_token, give_token, show_metadata

__all__ = ["end_token", "give_token", "show_metadata"]
