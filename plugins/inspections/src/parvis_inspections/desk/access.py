"""Who may open a visit, and what lists of visits are narrowed by."""

from typing import Any
from uuid import UUID

from litestar.exceptions import NotFoundException
from msgspec import Struct

from parvis.i18n import gettext, say
from parvis.people.agents import Person, agents, as_id
from parvis.requests.declarations import type_of_record
from parvis.requests.offered import types_of
from parvis.requests.records import Record, get
from parvis.requests.visibility import sees
from parvis.viewers import can_work
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.filtering import ListQuery, assignee_of
from parvis_inspections.rounds import VisitFilter, inspects
from parvis_inspections.visits import Visit, declared, visit_named
from parvis_sdk.inspections import Inspection
from parvis_sdk.request_types import RequestType

NAMES = ("unite", "zone", "visite", "a", "vue", "jour")


class VisitAccess(Struct, frozen=True, kw_only=True):
    """A visit that the person may make or plan; `sees_request` is whether they may also open its request."""

    visit: Visit
    part: Inspection
    record: Record
    request_type: RequestType
    sees_request: bool


async def opened(room: DeskContext, id: str) -> VisitAccess:
    """The visit of an id; what the person may not make does not exist for them."""
    visit = await visit_named(id)
    record = await get(room.host, visit.request) if visit else None
    request_type = await type_of_record(room.host, record) if record else None
    part = declared(request_type, visit.code) if visit and request_type else None
    jurisdictions = room.host.jurisdictions
    is_here = record is not None and record.jurisdiction == room.town.code and record.erased_at is None
    if visit is None or record is None or request_type is None or part is None or not is_here:
        raise NotFoundException("This visit does not exist.")
    if not inspects(room.viewer, visit.unit, record, jurisdictions):
        raise NotFoundException("This visit does not exist.")
    room.logs_access(record)
    return VisitAccess(
        visit=visit,
        part=part,
        record=record,
        request_type=request_type,
        sees_request=sees(room.viewer, record, jurisdictions),
    )


def read(room: DeskContext) -> ListQuery:
    """What the address of a list of visits asks for."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in room.request.query_params.multi_items():
        kept = value.replace("\x00", "").strip()[:100]
        if name in NAMES and kept:
            values[name] = (kept,)
    return ListQuery(values={name: values[name] for name in sorted(values)})


def wanted_of(room: DeskContext, asked: ListQuery) -> VisitFilter:
    """The same as a filter of requests, within the units that the person works for."""
    unit = asked.first("unite")
    person = assignee_of(asked.first("a"), room.person.id)
    return VisitFilter(
        scope=room.scope("work"),
        unit=room.town.units_under(unit) or frozenset({unit}) if unit else frozenset(),
        zone=asked.first("zone"),
        code=asked.first("visite"),
        inspector=as_id(person) if person else None,
    )


async def inspectors(room: DeskContext) -> tuple[Person, ...]:
    """Everybody to whom a visit can be given."""
    return tuple(one for one in await agents(room.host.engine, room.town.code) if can_work(one, room.town.code))


def inspector_in(people: tuple[Person, ...], given: str) -> tuple[UUID | None, str] | None:
    """The person that was chosen, by id and name; nobody where nobody was, None where there is no such person."""
    if not given:
        return None, ""
    found = next((one for one in people if one.id == given), None)
    return (UUID(found.id), found.name) if found else None


def choices(room: DeskContext, people: tuple[Person, ...]) -> dict[str, list[tuple[str, str]]]:
    """What lists can be narrowed to."""
    any_ = ("", gettext("Any"))
    kinds = {
        part.code: say(part.title)
        for request_type in types_of(room.host, room.town)
        for part in request_type.of(Inspection)
    }
    return {
        "unite": [any_, *room.units_for("work")],
        "zone": [any_, *((zone.code, say(zone.name)) for zone in room.town.zones)],
        "visite": [any_, *sorted(kinds.items(), key=lambda each: each[1])],
        "a": [any_, ("moi", gettext("Me")), *((one.id, one.name) for one in people)],
    }


def slots(room: DeskContext) -> list[tuple[str, str]]:
    """The parts of a day that can be chosen; hours are written beside."""
    return [
        ("morning", gettext("In the morning")),
        ("afternoon", gettext("In the afternoon")),
        ("hours", gettext("At these hours:")),
    ]


def slot_raw(sent: Any) -> dict[str, Any]:
    """The time that was sent: hours count where they were chosen, or written without choosing."""
    part = sent.text("slot")
    hours = {"from": sent.text("from"), "to": sent.text("to")} if part not in ("morning", "afternoon") else {}
    return {"day": sent.text("day"), "slot": part, **hours}
