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
PARTY = "party:"  # begins the id of a requester who was let into the request of another
