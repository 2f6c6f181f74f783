"""People of the town who are written to about promises: whoever answers for a unit, and what they may see."""

from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple
from uuid import UUID

from parvis.db import Engine
from parvis.people.agents import agents, get_agent
from parvis.people.roles import permissions_of
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis.viewers import viewer_of


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
        return (not self.zones or record.zone in self.zones) and str(self.id) not in record.excluded_agents


Chiefs = Callable[[str], Awaitable[Mapping[str, tuple[Chief, ...]]]]
"""Of a town, by unit: who answers for it; "" is the whole town."""


async def chiefs_of(engine: Engine, jurisdiction: str) -> dict[str, tuple[Chief, ...]]:
    """Who answers for each unit of a town: those who may report on it by a grant of that very unit, where it holds."""
    found: dict[str, tuple[Chief, ...]] = {}
    for person in await agents(engine, jurisdiction):
        units: dict[str, list[frozenset[str]]] = {}
        for grant in person.grants if person.active else ():
            if grant.jurisdiction == jurisdiction and "report" in permissions_of(grant.role):
                units.setdefault(grant.unit, []).append(frozenset(grant.zones))
        for unit, zones in units.items():
            anywhere = frozenset[str]() if frozenset() in zones else frozenset[str]().union(*zones)
            found[unit] = (*found.get(unit, ()), Chief(UUID(person.id), person.name, anywhere))
    return found


async def staff_of(engine: Engine, id: UUID) -> Staff | None:
    """How to write to somebody, and what they may see; nobody once the account is closed."""
    person = await get_agent(engine, id)
    if person is None or not person.active:
        return None
    return Staff(email=person.email, language=person.language, viewer=viewer_of(person))
