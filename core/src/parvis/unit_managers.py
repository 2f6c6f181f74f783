"""Who answers for a unit of a town, and for the unit above it."""

from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from parvis.db import Engine
from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import agents
from parvis.people.roles import permissions_of
from parvis.requests.host import Host
from parvis.requests.records import Record


class Chief(NamedTuple):
    """Somebody who answers for a unit; with `zones` only for what lies in one of them."""

    id: UUID
    name: str
    zones: frozenset[str] = frozenset()

    def answers_for(self, record: Record) -> bool:
        """Whether this request is theirs to know: of their zones, and not kept from them."""
        return (not self.zones or record.zone in self.zones) and str(self.id) not in record.excluded_agents


async def chiefs_of(engine: Engine, jurisdiction: str) -> dict[str, tuple[Chief, ...]]:
    """Who answers for each unit of a town: those who may report on it by a grant of that very unit, where it holds.

    The unit "" is the whole town.
    """
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


def levels_above(
    record: Record, town: Jurisdiction, chiefs: Mapping[str, tuple[Chief, ...]]
) -> tuple[tuple[Chief, ...], ...]:
    """Those who answer for the unit of a request, then for each above it; a level where nobody does is left out."""
    path = (*(unit.code for unit in reversed(town.path_of(record.unit))), "")
    known = [tuple(each for each in chiefs.get(code, ()) if each.answers_for(record)) for code in path]
    return tuple(level for level in known if level)


async def who_decides(host: Host, record: Record) -> tuple[Chief, ...]:
    """Those who answer for the unit of a request, or for the nearest unit above it where somebody does."""
    town = host.jurisdictions.jurisdiction(record.jurisdiction)
    return next(iter(levels_above(record, town, await chiefs_of(host.engine, record.jurisdiction))), ())
