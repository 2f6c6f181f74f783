"""Visits of a request as they stand: wanted, planned, made; brought about by moves, repeated for what failed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.calendars import local_day
from parvis.jurisdictions.places import locate, route_inspection
from parvis.requests.changing import Situation
from parvis.requests.parts.part_kinds import (
    ArchivedEntry,
    DateColumn,
    EffectContext,
    Effects,
    LaterDates,
    PartArchive,
    PartKind,
    TimeAway,
    about,
)
from parvis.requests.records import Record, as_json
from parvis.requests.visibility import Viewer
from parvis_inspections.tables import Inspection as VisitRow
from parvis_inspections.tables import InspectionResult as ResultRow
from parvis_sdk.inspection_facts import FACTS
from parvis_sdk.inspection_rules import OPEN, facts_of, last_found
from parvis_sdk.inspections import Finding, Inspection
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text


class Wishes(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a visit suits its requester: times as (day, part of it), and words."""

    times: tuple[tuple[str, str], ...] = ()
    words: str = ""


class Visit(Struct, frozen=True, kw_only=True):
    """One visit as it stands. `points` are those to be looked at, all of them where there are none."""

    id: UUID
    request: UUID
    code: str
    state: str
    unit: str
    former: UUID | None
    points: tuple[str, ...]
    wanted_at: datetime
    asked: bool
    wishes: Wishes
    day: str
    slot: str
    starts_at: datetime | None
    ends_at: datetime | None
    inspector: UUID | None
    inspector_name: str
    done_at: datetime | None
    notice: bool
    due: str
    overdue: bool
    version: int

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class PointResult(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was found at one point, with a note that the requester reads and the ids of photos."""

    finding: Finding
    note: str = ""
    photos: tuple[str, ...] = ()


class Result(Struct, frozen=True, kw_only=True):
    """What was found at one visit, as one person sent it; the one with the highest number holds."""

    id: UUID
    inspection: UUID
    number: int
    outcome: str
    found: dict[str, PointResult]
    words: str
    made_at: datetime
    kept_at: datetime
    actor_id: str
    actor_name: str


def visit_of(row: Mapping[str, Any]) -> Visit:
    """The struct of one row."""
    values = {name: row[name] for name in Visit.__struct_fields__}
    values["points"] = tuple(msgspec.json.decode(row["points"]))
    values["wishes"] = msgspec.json.decode(row["wishes"], type=Wishes) if row["wishes"] else Wishes()
    return Visit(**values)


async def visits_of(request: UUID) -> tuple[Visit, ...]:
    """Every visit of a request, in the order in which they came to be wanted."""
    rows = await VisitRow.select().where(VisitRow.request == request).order_by(VisitRow.id)
    return tuple(visit_of(row) for row in rows)


async def visit_named(id: str) -> Visit | None:
    """One visit by its id."""
    try:
        wanted = UUID(id)
    except ValueError:
        return None
    rows = await VisitRow.select().where(VisitRow.id == wanted)
    return visit_of(rows[0]) if rows else None


async def results_of(visits: Iterable[UUID]) -> dict[UUID, tuple[Result, ...]]:
    """What was found at these visits, the first sending first."""
    ids = list(visits)
    if not ids:
        return {}
    rows = await ResultRow.select().where(ResultRow.inspection.is_in(ids)).order_by(ResultRow.number)
    found: dict[UUID, tuple[Result, ...]] = {}
    for row in rows:
        found[row["inspection"]] = (*found.get(row["inspection"], ()), result_of(row))
    return found


def result_of(row: Mapping[str, Any]) -> Result:
    values = {name: row[name] for name in Result.__struct_fields__}
    values["found"] = msgspec.json.decode(row["found"], type=dict[str, PointResult]) if row["found"] else {}
    return Result(**values)


def declared(request_type: RequestType, code: str) -> Inspection | None:
    """The inspection of that code, as the request's own declaration has it."""
    return request_type.part(Inspection, code)


def new_row(here: Situation, part: Inspection, **more: Any) -> Row:
    """A visit that is wanted from now on, at the unit that the town says."""
    record = here.record
    zones: tuple[str, ...] = (record.zone,) if record.zone else ()
    if record.lon is not None and record.lat is not None:
        zones = locate(here.town, record.lon, record.lat).zone_codes
    unit = route_inspection(
        here.town, part.code, type_code=record.type, theme=record.theme, zones=zones, unit=record.unit
    )
    row: Row = {column._meta.name: column.get_default_value() for column in VisitRow._meta.columns}
    row |= {"id": new_id(), "request": record.id, "code": part.code, "state": "wanted", "unit": unit}
    return row | {"wanted_at": here.at, "changed_at": here.at} | more


async def keep_new_visit(row: Row) -> None:
    await insert_values(VisitRow, row)


async def keep_visit(visit: Visit, at: datetime, changed: Row) -> None:
    """Inside a transaction, under the lock of the request: other values for some columns."""
    await VisitRow.update(changed | {"version": visit.version + 1, "changed_at": at}).where(VisitRow.id == visit.id)


async def settle_former(visit: Visit) -> None:
    """Inside a transaction: what a visit looked at again is overdue no more."""
    if visit.former:
        await VisitRow.update({VisitRow.overdue: False}).where(VisitRow.id == visit.former)


async def _bring(bringing: EffectContext, part: Inspection, word: str) -> Effects:
    visits = [visit for visit in await visits_of(bringing.here.record.id) if visit.code == part.code]
    still = [visit for visit in visits if visit.is_open]
    if word == "wanted":
        # Whatever brings it about again, a visit that is still to come is not doubled, nor one that has passed.
        if still or last_found(part.code, visits) == "passed":
            return Effects()
        row = new_row(bringing.here, part)
        return Effects(writes=(partial(keep_new_visit, row),), facts=about(part, word))
    if not still:
        return Effects()
    at = bringing.here.at
    writes = tuple(partial(keep_visit, visit, at, {"state": "waived"}) for visit in still)
    return Effects(writes=writes, facts=about(part, word))


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    return facts_of(await visits_of(record.id))


async def _forget(request: UUID) -> None:
    """Days and outcomes stay for figures; what was wished, noted and written goes."""
    visits = await VisitRow.select(VisitRow.id).where(VisitRow.request == request)
    await VisitRow.update({VisitRow.wishes: ""}).where(VisitRow.request == request)
    for id, results in (await results_of([row["id"] for row in visits])).items():
        for each in results:
            bare = {code: PointResult(finding=found.finding) for code, found in each.found.items()}
            gone: Row = {ResultRow.words: "", ResultRow.found: as_json(bare)}
            await ResultRow.update(gone).where(ResultRow.inspection == id, ResultRow.number == each.number)


async def _put_off(away: TimeAway) -> LaterDates:
    gone, back = (local_day(away.calendar, at).isoformat() for at in (away.since, away.here.at))
    visits = [each for each in await visits_of(away.here.record.id) if each.state == "failed" and not each.overdue]
    moved = [each for each in visits if each.due and gone <= each.due and (away.over is None or each.due < back)]
    later = {each.id: (date.fromisoformat(each.due) + timedelta(days=away.days)).isoformat() for each in moved}
    return LaterDates(tuple(partial(keep_visit, each, away.here.at, {"due": later[each.id]}) for each in moved), ())


async def _archived(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions
) -> tuple[ArchivedEntry, ...]:
    """Every visit without who made it: the town speaks with one voice."""
    visits = await visits_of(record.id) if request_type.of(Inspection) else ()
    results = await results_of([each.id for each in visits])
    titles = {part.code: part.title for part in request_type.of(Inspection)}
    return tuple(
        _archived_visit(visit, titles.get(visit.code, Text(fr=visit.code)), results.get(visit.id, ()))
        for visit in visits
    )


def _archived_visit(visit: Visit, title: Text, results: Sequence[Result]) -> ArchivedEntry:
    last = results[-1] if results else None
    return ArchivedEntry(
        data={
            "code": visit.code,
            "title": title,
            "state": visit.state,
            "day": visit.day,
            "slot": visit.slot,
            "due": visit.due,
            "notice": visit.notice,
            "wishes": visit.wishes,
            "results": [
                {"outcome": each.outcome, "made_at": each.made_at, "found": each.found, "words": each.words}
                for each in results
            ],
        },
        title=FACTS[visit.state].title.format(title=title),
        at=last.made_at if last else None,
        words=last.words if last else "",
    )


PART_KINDS = (
    PartKind(
        noun=Inspection,
        title=Text(fr="Inspections", en="Inspections"),
        bring=_bring,
        standing=_standing,
        forget=_forget,
        dates=(DateColumn(VisitRow, "due", "d.state = 'failed'"),),
        put_off=_put_off,
        rows=VisitRow,
        archive=PartArchive(name="inspections", of=_archived),
    ),
)
