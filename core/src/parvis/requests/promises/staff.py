"""People of the town who are written to about promises: whoever answers for a unit, and what they may see."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from parvis.requests.records import Record
from parvis.requests.visibility import Viewer


class Staff(NamedTuple):
    """Somebody of the town to write to, and what they may see."""

    email: str
    language: str
    viewer: Viewer


class Chief(NamedTuple):
    """Somebody who answers for a unit; with `zones` only for what lies in one of them."""

    id: UUID
    name: str
    zones: frozenset[str] = frozenset()

    def answers_for(self, record: Record) -> bool:
        """Whether this request is theirs to know: of their zones, and not kept from them."""
        return (not self.zones or record.zone in self.zones) and str(self.id) not in record.kept_from


Chiefs = Callable[[str], Awaitable[Mapping[str, tuple[Chief, ...]]]]
"""Of a town, by unit: who answers for it; "" is the whole town."""
