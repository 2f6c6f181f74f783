"""How connected systems are, for people of a town: modules say it where a page shows it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from msgspec import Struct

from parvis.requests.host import Host
from parvis.web.places import SlotItem
from parvis_sdk.text import Text


class System(Struct, frozen=True, kw_only=True):
    """A connected system by its title, for the people of these towns; what waits for it has waited `since`."""

    title: Text
    towns: tuple[str, ...]
    well: bool
    since: datetime | None


class SystemSource(SlotItem, frozen=True, kw_only=True):
    """The connected systems that a module shows, in the slot `portal.status`; in the towns that have the module."""

    systems: Callable[[Host], Awaitable[Sequence[System]]]
