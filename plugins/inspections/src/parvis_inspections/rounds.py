"""Lists of visits for the people of a town: what waits for a day, what is planned, one day's round in its order."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.jurisdictions import Jurisdictions
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, scope_of
from parvis_inspections.tables import Inspection as VisitRow
from parvis_inspections.visits import Visit, declared, visit_of
from parvis_sdk.inspection_rules import lacking
from parvis_sdk.inspections import Inspection
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MOST = 200
LATELY = timedelta(days=90)
JOINED = """
SELECT i.*, r.reference, r.type, r.declaration, r.zone, r.address, r.lon, r.lat, r.unit AS request_unit, r.identity
FROM inspection i JOIN service_request r ON r.id = i.request WHERE {where}
ORDER BY {order} LIMIT {most} OFFSET {skipped}"""
AFTER = "(i.wanted_at, i.id) > (SELECT f.wanted_at, f.id FROM inspection f WHERE f.id = {})"
FIGURES = """
SELECT
count(CASE WHEN i.state = 'wanted' AND r.phase <> 'closed' THEN 1 END) AS waiting,
count(CASE WHEN i.state = 'planned' AND r.phase <> 'closed' AND i.day >= {{}} THEN 1 END) AS planned,
count(CASE WHEN i.state = 'planned' AND r.phase <> 'closed' AND i.day < {{}} THEN 1 END) AS unreported,
count(CASE WHEN i.overdue THEN 1 END) AS overdue,
count(CASE WHEN i.state = 'passed' AND i.former IS NULL AND i.done_at >= {{}} THEN 1 END) AS first_passed,
count(CASE WHEN i.state = 'failed' AND i.former IS NULL AND i.done_at >= {{}} THEN 1 END) AS first_failed
FROM inspection i JOIN service_request r ON r.id = i.request WHERE {where}"""


class Line(Struct, frozen=True, kw_only=True):
    """One visit with what a list says of its request; `request_type` and `part` as its own declaration has them."""

    visit: Visit
    reference: str
    request_type: RequestType
    part: Inspection
    zone: str
    address: str
    lon: float | None
    lat: float | None
    request_unit: str
    is_confidential: bool


class Lines(Struct, frozen=True, kw_only=True):
    """Some visits; `more` where there are others behind the last."""

    lines: tuple[Line, ...]
    more: bool


class Figures(Struct, frozen=True, kw_only=True):
    """How many visits wait, are planned, were to be made and are not reported; what was not corrected in time.

    `first_passed` and `first_failed` count first visits of the last ninety days.
    """

    waiting: int
    planned: int
    unreported: int
    overdue: int
    first_passed: int
    first_failed: int


class VisitFilter(Struct, frozen=True, kw_only=True):
    """Which visits: of the requests or the units that somebody works for, narrowed."""

    scope: Scope
    unit: frozenset[str] = frozenset()
    zone: str = ""
    code: str = ""
    inspector: UUID | None = None


async def waiting(host: Host, wanted: VisitFilter, after: UUID | None = None) -> Lines:
    """What is to be planned, the longest waiting first; those behind one of them where it is named."""
    where, values = _where(wanted, "i.state = 'wanted'", "r.phase <> 'closed'")
    if after is not None:
        where, values = f"{where} AND {AFTER}", [*values, after]
    return await _lines(host, where, values, "i.wanted_at, i.id")


async def planned(host: Host, wanted: VisitFilter, since: date | None, until: date | None = None) -> Lines:
    """What is planned within these days, by time and person."""
    where, values = _where(wanted, "i.state = 'planned'", "r.phase <> 'closed'")
    for sign, day in ((">=", since), ("<=", until)):
        if day is not None:
            where, values = f"{where} AND i.day {sign} {{}}", [*values, day.isoformat()]
    return await _lines(host, where, values, "i.day, i.starts_at, i.inspector_name, i.id")


async def to_correct(host: Host, wanted: VisitFilter) -> Lines:
    """What failed and was not corrected in time, the longest overdue first."""
    where, values = _where(wanted, "i.overdue")
    return await _lines(host, where, values, "i.due, i.id")


async def round_of(host: Host, wanted: VisitFilter, day: date, skipped: int = 0) -> Lines:
    """One day's visits in the order of a walk: those planned, and those already made; so many are left out."""
    where, values = _where(wanted, "i.state IN ('planned', 'passed', 'failed', 'missed')")
    there = f"{where} AND i.day = {{}}"
    found = await _lines(host, there, [*values, day.isoformat()], "i.starts_at, i.id", skipped)
    return Lines(lines=walked(found.lines), more=found.more)


async def line_of(host: Host, visit: Visit) -> Line | None:
    """One visit as a list has it."""
    found = await _lines(host, "i.id = {}", [visit.id], "i.id")
    return found.lines[0] if found.lines else None


async def blocked(lines: Sequence[Line]) -> dict[UUID, tuple[Text, ...]]:
    """What must pass before each of these visits, by title, where something still must; one question for all."""
    requests = sorted({line.visit.request for line in lines if line.part.follows})
    if not requests:
        return {}
    rows = await VisitRow.select().where(VisitRow.request.is_in(requests)).order_by(VisitRow.id)
    theirs: dict[UUID, list[Visit]] = {}
    for row in rows:
        theirs.setdefault(row["request"], []).append(visit_of(row))
    lacks = {line.visit.id: lacking(line.part, theirs.get(line.visit.request, ())) for line in lines}
    titles = {line.visit.id: {each.code: each.title for each in line.request_type.of(Inspection)} for line in lines}
    return {id: tuple(titles[id][code] for code in codes) for id, codes in lacks.items() if codes}


async def figures_of(wanted: VisitFilter, today: date, now: datetime) -> Figures:
    """The same lists as numbers, in one statement."""
    where, values = _where(wanted)
    day, lately = today.isoformat(), now - LATELY
    rows = await VisitRow.raw(FIGURES.format(where=where), day, day, lately, lately, *values)
    return Figures(**{name: rows[0][name] for name in Figures.__struct_fields__})


def walked(lines: Sequence[Line]) -> tuple[Line, ...]:
    """By time; within one, always to the nearest that is left. What has no place on the map comes last."""
    ordered: list[Line] = []
    at: tuple[float, float] | None = None
    for starts_at in sorted({_start(line) for line in lines}):
        left = [line for line in lines if _start(line) == starts_at]
        while left:
            here = at
            nearest = min(left, key=lambda line: _far(here, line)) if here else _first_of(left)
            left.remove(nearest)
            ordered.append(nearest)
            at = _point(nearest) or at
    return tuple(ordered)


def _first_of(lines: list[Line]) -> Line:
    """The one furthest west to begin with, so that the walk does not depend on who was planned first."""
    return min(lines, key=lambda line: (line.lon is None, line.lon or 0.0, line.reference))


def _start(line: Line) -> str:
    return line.visit.starts_at.isoformat() if line.visit.starts_at else ""


def _point(line: Line) -> tuple[float, float] | None:
    return (line.lon, line.lat) if line.lon is not None and line.lat is not None else None


def _far(here: tuple[float, float], line: Line) -> float:
    there = _point(line)
    if there is None:
        return math.inf
    wide = math.cos(math.radians(here[1]))
    return math.hypot((there[0] - here[0]) * wide, there[1] - here[1])


def _where(wanted: VisitFilter, *more: str) -> tuple[str, list[Any]]:
    worked, given = wanted.scope.condition(units=("r.unit", "i.unit"), walked=False)
    parts = [*more, worked, "r.erased_at IS NULL"]
    if wanted.unit:
        parts.append(f"i.unit IN ({', '.join(['{}'] * len(wanted.unit))})")
        given += sorted(wanted.unit)
    narrowed = {"r.zone": wanted.zone, "i.code": wanted.code, "i.inspector": wanted.inspector}
    for column, value in narrowed.items():
        if value:
            parts.append(f"{column} = {{}}")
            given.append(value)
    return " AND ".join(parts), given


async def _lines(host: Host, where: str, values: Sequence[Any], order: str, skipped: int = 0) -> Lines:
    rows = await VisitRow.raw(JOINED.format(where=where, order=order, most=MOST + 1, skipped=skipped), *values)
    lines = [await _line(host, row) for row in rows[:MOST]]
    return Lines(lines=tuple(line for line in lines if line is not None), more=len(rows) > MOST)


async def _line(host: Host, row: Mapping[str, Any]) -> Line | None:
    request_type = await declaration(host, row["declaration"])
    part = declared(request_type, row["code"])
    if part is None:
        return None
    known = {name: row[name] for name in ("reference", "zone", "address", "lon", "lat", "request_unit")}
    known["is_confidential"] = row["identity"] == "confidential"
    return Line(visit=visit_of(row), request_type=request_type, part=part, **known)


def inspects(viewer: Viewer, unit: str, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer makes visits there: they work for the unit of the request, or for that of the visit."""
    return scope_of(viewer, record.jurisdiction, jurisdictions, "work").holds(record, (record.unit, unit))
