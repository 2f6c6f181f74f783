"""Who does something to a request: a person asking, an agent, a plugin, or the system itself."""

from typing import Literal

from msgspec import Struct


class Actor(Struct, frozen=True, kw_only=True):
    """The doer written into history; `name` is shown to colleagues, never to the public."""

    kind: Literal["requester", "agent", "system", "plugin"]
    id: str = ""
    name: str = ""


REQUESTER = Actor(kind="requester")
VERIFIED = Actor(kind="requester", id="verified")  # whose address was shown to be theirs
SYSTEM = Actor(kind="system")
ELSEWHERE = Actor(kind="system", id="import", name="import")  # who brings in what was made in another system
OF_TODAY = """NOT EXISTS (SELECT 1 FROM entry e WHERE e.request = service_request.id AND e.number = 1
AND e.actor_kind = 'system' AND e.actor_id = 'import')"""
"""In SQL: that a request was made here. What a chore starts by itself is for these: the past starts nothing."""
PARTY = "party:"  # begins the id of a requester who was let into the request of another
