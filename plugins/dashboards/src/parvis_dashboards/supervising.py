"""What a supervisor looks at now: what waits and is overdue in each unit, who is here, and on what each works."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.replica import may_be_behind
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Colleagues, Person
from parvis.people.sessions import seen_since
from parvis.requests.host import Host
from parvis.requests.work.presence import Presence
from parvis.selection import within
from parvis.viewers import can_work
from parvis_dashboards.figures import LATE, OPEN

HERE = timedelta(minutes=15)  # a page that somebody asks for is noted every five
BY_UNIT = f"""
SELECT r.unit AS unit, COUNT(*) AS standing, SUM(CASE WHEN r.phase = 'received' THEN 1 ELSE 0 END) AS waiting,
  MIN(CASE WHEN r.phase = 'received' THEN r.submitted_at END) AS since,
  SUM(CASE WHEN {LATE} THEN 1 ELSE 0 END) AS late,
  SUM(CASE WHEN r.promise = 'running' AND r.promised_at >= {{}} AND r.promised_at < {{}} THEN 1 ELSE 0 END) AS due
FROM service_request r WHERE {{where}} AND {OPEN} GROUP BY r.unit
"""  # noqa: S608 - ours
HELD = f"""
SELECT r.assignee AS assignee, COUNT(*) AS held FROM service_request r
WHERE {{where}} AND r.assignee IN ({{people}}) AND {OPEN} GROUP BY r.assignee
"""  # noqa: S608 - ours
WRITTEN_ON = "SELECT r.reference, r.type FROM service_request r WHERE {where} AND r.reference IN ({references})"
NEWEST = "SELECT MAX(r.updated_at) AS newest FROM service_request r WHERE {where} AND r.updated_at >= {}"


class UnitNow(Struct, frozen=True, kw_only=True):
    """The open requests of one unit: not begun (since when the first), overdue, due by the end of today."""

    code: str
    standing: int
    waiting: int
    since: datetime | None
    late: int
    due: int


class WorkItem(Struct, frozen=True, kw_only=True):
    """A request on which somebody writes now; nothing of what is written."""

    reference: str
    type: str


class PersonHere(Struct, frozen=True, kw_only=True):
    """Somebody who asked for a page a moment ago: when, how many open requests they hold, on which they write."""

    name: str
    seen_at: datetime
    held: int
    writes_on: tuple[WorkItem, ...]


async def units_now(scope: Scope, tomorrow: datetime) -> tuple[UnitNow, ...]:
    """Where most is overdue first; one statement, answered from the index of what is open."""
    where, now = within(scope), clock.now()
    with may_be_behind():
        rows = await ServiceRequest.raw(BY_UNIT.replace("{where}", where.sql), now, now, tomorrow, *where.values)
    found = (
        UnitNow(
            since=_moment(row["since"]),
            **{name: row[name] for name in ("standing", "waiting", "late", "due")},
            code=row["unit"],
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda each: (-each.late, -each.waiting, each.code)))


async def people_here(host: Host, town: Jurisdiction, scope: Scope) -> tuple[PersonHere, ...]:
    """Who works for a unit of the scope and is here, by name; four statements however many they are."""
    seen = await seen_since(clock.now() - HERE)
    everybody = await host.of(Colleagues).of(host.engine, town.code)
    here = [each for each in everybody if each.id in seen and _works_for(each, town, scope.units)]
    held = await _held(scope, [each.id for each in here])
    writing = host.of(Presence).everybody()
    known = await _written_on(scope, {one for each in here for one in writing.get(each.id, ())})
    return tuple(
        PersonHere(
            name=each.name,
            seen_at=seen[each.id],
            held=held.get(each.id, 0),
            writes_on=tuple(known[one] for one in writing.get(each.id, ()) if one in known),
        )
        for each in here
    )


async def newest(host: Host, scope: Scope) -> object:
    """What is another as soon as the board is: the last change within reach, who writes there, and the minute.

    Only what changed since the minute began is asked for: the minute itself tells of the rest.
    """
    where, minute = within(scope), clock.now().replace(second=0, microsecond=0)
    rows = await ServiceRequest.raw(NEWEST.replace("{where}", where.sql), *where.values, minute)
    writing = host.of(Presence).everybody()
    known = await _written_on(scope, {each for one in writing.values() for each in one})
    here = {who: [each for each in one if each in known] for who, one in writing.items()}
    return rows[0]["newest"], {who: one for who, one in here.items() if one}, minute


def _works_for(person: Person, town: Jurisdiction, units: frozenset[str] | None) -> bool:
    grants = [grant for grant in person.grants if grant.jurisdiction == town.code]
    return can_work(person, town.code) and (units is None or any(grant.unit in units for grant in grants))


async def _held(scope: Scope, people: Collection[str]) -> dict[str, int]:
    """Answered from the index of what is open and in hand, however much somebody has closed."""
    if not people:
        return {}
    where = within(scope)
    sql = HELD.replace("{where}", where.sql).replace("{people}", ", ".join(["{}"] * len(people)))
    rows = await ServiceRequest.raw(sql, *where.values, *(UUID(each) for each in people))
    return {str(row["assignee"]): int(row["held"]) for row in rows}


async def _written_on(scope: Scope, references: Collection[str]) -> Mapping[str, WorkItem]:
    """Those of the scope: what somebody writes elsewhere is not told."""
    if not references:
        return {}
    where = within(scope, led=True)
    sql = WRITTEN_ON.format(where=where.sql, references=", ".join(["{}"] * len(references)))
    rows: list[dict[str, Any]] = await ServiceRequest.raw(sql, *where.values, *sorted(references))
    return {row["reference"]: WorkItem(reference=row["reference"], type=row["type"]) for row in rows}


def _moment(told: datetime | str | None) -> datetime | None:
    """SQLite tells the least moment as the text that stands there."""
    return datetime.fromisoformat(told) if isinstance(told, str) else told
