"""From what a person says is going on to the request types it may be: for the portal, the desk and the API alike."""

from parvis.requests.finding.finder import Finder, Hit, find_types

__all__ = ["Finder", "Hit", "find_types"]
