"""Requests coming into an incident and going out of it: by its rule as they arrive, by the chore, by hand.

A request is attached as it comes in, by the bulletin in memory. What that misses, because it was declared or changed a
moment ago by another process, a chore finds in the database. Nothing is attached to an incident that is over: its own
row is kept from change meanwhile.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, shared
from parvis.db.tables import ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import OF_TODAY, SYSTEM, Actor
from parvis.requests.changing import AlreadyErased, Change, NoSuchRequest, Situation, change
from parvis.requests.gathering import GroupMembership, Join, RequestGrouping
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.offered import types_of
from parvis.requests.records import Record, record_of
from parvis_incidents.bulletin import Bulletin, PostedIncident
from parvis_incidents.facts import facts_of
from parvis_incidents.incidents import Incident, incidents_of, is_open
from parvis_incidents.matching import INCIDENT, Facts, Rule, belongs, box_of
from parvis_incidents.tables import IncidentRequest
from parvis_incidents.telling import tell_latest
from parvis_sdk.request_types import RequestType

How = Literal["rule", "hand"]
PIECE = 200
STANDING = "SELECT phase, erased_at FROM service_request WHERE id = {}"
CANDIDATES = """SELECT * FROM service_request WHERE jurisdiction = {} AND phase <> 'closed' AND phase <> 'decided'
AND erased_at IS NULL AND submitted_at >= {} AND id > {}"""
NOT_YET = "NOT EXISTS (SELECT 1 FROM incident_request ir WHERE ir.incident = {} AND ir.request = service_request.id)"
LEAST = UUID(int=0)


class Preview(Struct, frozen=True, kw_only=True):
    """What a rule would attach now: how many, and the first of them."""

    count: int
    first: tuple[Record, ...]


async def matching(
    host: Host, town: Jurisdiction, rule: Rule, *, incident: UUID | None = None
) -> AsyncIterator[tuple[Record, ...]]:
    """The open requests that fit, in pieces; of an incident those that it does not know yet. A statement a piece."""
    where, values = _where(host, town, rule, incident)
    after = LEAST
    while True:
        rows = await ServiceRequest.raw(f"{CANDIDATES}{where} ORDER BY id LIMIT {PIECE}", *values(after))
        if rows:
            after = rows[-1]["id"]
            fitting = (row for row in rows if belongs(rule, _facts(town, row)))
            if found := tuple(record_of(row) for row in fitting):
                yield found
        if len(rows) < PIECE:
            return


def _where(
    host: Host, town: Jurisdiction, rule: Rule, incident: UUID | None
) -> tuple[str, Callable[[UUID], list[Any]]]:
    of_town = [
        request_type.code for request_type in types_of(host, town) if request_type.opened_by == "town"
    ]  # operations, incidents
    parts = [OF_TODAY]
    parts += [f"type NOT IN ({', '.join(['{}'] * len(of_town))})"] if of_town else []
    given: list[Any] = [*of_town]
    if rule.types:
        parts.append(f"type IN ({', '.join(['{}'] * len(rule.types))})")
        given += rule.types
    if (box := box_of(rule, {zone.code: zone.geometry for zone in town.zones})) is not None:
        west, south, east, north = box
        parts.append("lat >= {} AND lat <= {} AND lon >= {} AND lon <= {}")
        given += [south, north, west, east]
    if incident is not None:
        parts.append(NOT_YET)
        given.append(incident)
    where = "".join(f" AND {part}" for part in parts)
    return where, lambda after: [town.code, rule.since, after, *given]


def _facts(town: Jurisdiction, row: dict[str, Any]) -> Facts:
    text = f"{row['search_text']} {row['personal_text']}"
    return facts_of(town, row["type"], row["submitted_at"], row["lon"], row["lat"], text)


async def preview(host: Host, town: Jurisdiction, rule: Rule, *, first: int = 10) -> Preview:
    """How many requests a rule would attach now."""
    count, shown = 0, list[Record]()
    async for piece in matching(host, town, rule):
        count += len(piece)
        shown += piece[: max(0, first - len(shown))]
    return Preview(count=count, first=tuple(shown))


async def attach_matching(
    host: Host, town: Jurisdiction, incident: Incident, *, actor: Actor = SYSTEM, until: datetime | None = None
) -> int:
    """Attach what the rule of an incident fits, one request a transaction; what is left at `until` is for the chore."""
    attached = 0
    async for piece in matching(host, town, incident.rule, incident=incident.record.id):
        for record in piece:
            if until is not None and clock.now() >= until:
                return attached
            attached += await attach(host, incident.record, record.reference, "rule", actor=actor)
    return attached


async def attach_due(host: Host) -> int:
    """Attach to every incident under way what was missed as it came in; how many requests."""
    attached = 0
    towns = [town for town in host.jurisdictions.by_code.values() if host.modules.of(town).has("incidents")]
    for town in towns:
        for each in await incidents_of(host, town):
            if each.is_open:
                attached += await attach_matching(host, town, each)
    return attached


async def attach(host: Host, incident: Record, reference: str, how: How, *, actor: Actor) -> bool:
    """Attach one request; False where it is attached, was taken out for good (but by hand), or the incident is over."""

    async def plan(here: Situation) -> Change | None:
        if here.record.type == INCIDENT or not await stands(host, incident.id):
            return None
        known = await _known(incident.id, here.record.id)
        if known == "in" or (known == "out" and how == "rule"):
            return None
        return Change(
            line=Line(kind="attached", audience="internal", body={"incident": incident.reference, "how": how}),
            writes=(
                partial(_write, incident.id, here.record.id, "in", how, here.at, new=known is None),
                partial(tell_latest, host, here.town, incident, here.record.id, here.at),
            ),
        )

    return await _changed(host, reference, plan, actor)


async def take_out(host: Host, incident: Record, reference: str, *, actor: Actor) -> bool:
    """Remove one request permanently: the rule does not attach it again."""

    async def plan(here: Situation) -> Change | None:
        if await _known(incident.id, here.record.id) != "in":
            return None
        return Change(
            line=Line(kind="detached", audience="internal", body={"incident": incident.reference}),
            writes=(partial(_write, incident.id, here.record.id, "out", "hand", here.at, new=False),),
        )

    return await _changed(host, reference, plan, actor)


async def _changed(host: Host, reference: str, plan: Any, actor: Actor) -> bool:
    try:
        return isinstance(await change(host, reference, plan, actor=actor), Record)
    except (NoSuchRequest, AlreadyErased):
        return False


async def stands(host: Host, incident: UUID) -> bool:
    """Inside a transaction: whether an incident is under way, and stays so until it ends."""
    rows = await ServiceRequest.raw(shared(STANDING, host.engine), incident)
    return bool(rows) and is_open(rows[0]["phase"], rows[0]["erased_at"])


async def _known(incident: UUID, request: UUID) -> str | None:
    table = IncidentRequest
    row = await table.select(table.state).where((table.incident == incident) & (table.request == request)).first()
    return row["state"] if row else None


async def _write(incident: UUID, request: UUID, state: str, how: How, at: datetime, *, new: bool) -> None:
    if new:
        await insert_values(IncidentRequest, _row(incident, request, state, how, at))
        return
    table = IncidentRequest
    changed: dict[Any, Any] = {table.state: state, table.how: how, table.at: at}
    await table.update(changed).where((table.incident == incident) & (table.request == request))


def _row(incident: UUID, request: UUID, state: str, how: How, at: datetime) -> dict[str, Any]:
    return {"id": new_id(), "incident": incident, "request": request, "state": state, "how": how, "at": at}


def fitting(host: Host, town: Jurisdiction, request_type: RequestType, record: Record, text: str) -> Join | None:
    """The incidents that a request about to be kept belongs to, from memory; what the town asks of itself to none."""
    posted = host.of(Bulletin).incidents(town.code)
    if not posted or request_type.opened_by == "town":
        return None
    facts = facts_of(town, record.type, record.submitted_at, record.lon, record.lat, text)
    found = tuple(each for each in posted if belongs(each.rule, facts))
    return partial(join_standing, host, town, found) if found else None


async def join_standing(host: Host, town: Jurisdiction, posted: Sequence[PostedIncident]) -> GroupMembership | None:
    """Inside a transaction: into those of them that are under way until it ends."""
    standing = [each for each in posted if await stands(host, each.id)]
    if not standing:
        return None
    body = {"incidents": [each.reference for each in standing]}
    return GroupMembership(body=body, write=partial(attach_new, host, town, standing))


async def attach_new(host: Host, town: Jurisdiction, posted: Sequence[PostedIncident], record: Record) -> None:
    """In the transaction that files a request: attach it to these, and tell its requester the latest word of each."""
    for each in posted:
        await insert_values(IncidentRequest, _row(each.id, record.id, "in", "rule", record.submitted_at))
        await tell_latest(host, town, each, record.id, record.submitted_at)


GATHERING = RequestGrouping(fitting=fitting)
