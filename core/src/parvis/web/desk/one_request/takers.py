"""Who can take a request: the units that the town gives such requests, people with the right there, and who is away."""

from collections.abc import Collection

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext
from parvis.jurisdictions.places import locate
from parvis.people.agents import Grant, Person
from parvis.people.roles import permissions_of
from parvis.requests.records import Record
from parvis.requests.routing import units_for
from parvis.viewers import can_work
from parvis.web.desk.context import DeskContext, unit_tree
from parvis.web.desk.one_request.case import Case
from parvis_sdk.text_normalisation import fold

ALL = "attribution"


class Takers(Struct, frozen=True, kw_only=True):
    """The lists of the form, by code and words; `narrowed` where the town has other units, `asked` where all were."""

    units: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    narrowed: bool
    asked: bool


async def takers_of(room: DeskContext, case: Case, wanted: Collection[str] = ()) -> Takers:
    """Those offered for a request, with the `wanted` that somebody chose; every unit where the address asks for it."""
    record, town, tree = case.record, room.town, unit_tree(room.town)
    asked = bool(room.request.query_params.get(ALL))
    if asked:
        offered = frozenset(town.units)
    else:
        there = locate(town, record.lon, record.lat) if record.lon is not None and record.lat is not None else None
        zones = there.zone_codes if there else (record.zone,) if record.zone else ()
        fitting = await units_for(room.host, town, case.request_type, zones)
        offered = fitting | {record.unit, *wanted}
    units = tuple((code, name) for code, name in tree if code in offered)
    return Takers(units=units, people=_people(room, case, offered), narrowed=len(units) < len(tree), asked=asked)


def _people(room: DeskContext, case: Case, units: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Those who may work on it in one of these units: of its own unit first, absent people last and marked."""
    town, record = room.town, case.record
    able = [
        one
        for one in case.colleagues
        if can_work(one, town.code)
        and one.id not in record.excluded_agents
        and (one.id == str(record.assignee) or any(_reaches(room, grant, record, units) for grant in one.grants))
    ]

    def order(person: Person) -> tuple[bool, bool, str]:
        own = any(grant.unit and record.unit in town.units_under(grant.unit) for grant in person.grants)
        return (person.away_until is not None, not own, fold(person.name))

    def named(person: Person) -> str:
        if person.away_until is None:
            return person.name
        until = i18n.format_date(person.away_until)
        return gettext("%(name)s (away until %(day)s)") % {"name": person.name, "day": until}

    return tuple((one.id, named(one)) for one in sorted(able, key=order))


def _reaches(room: DeskContext, grant: Grant, record: Record, units: Collection[str]) -> bool:
    """Whether a role lets somebody work on the request in one of these units."""
    town = room.town
    return (
        grant.jurisdiction == town.code
        and "work" in permissions_of(grant.role)
        and (not grant.zones or record.zone in grant.zones)
        and (not grant.unit or not town.units_under(grant.unit).isdisjoint(units))
    )
