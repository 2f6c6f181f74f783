"""Figures of incidents: how many requests each attracted, when and how they came, how fast they were closed."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.requests.persons.followers import count_followers
from parvis.requests.records import Record
from parvis.selection import within
from parvis_incidents.advice import code_of

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(hours=24)
MOST_BARS = 48
COUNTED = """
SELECT ir.incident, count(*) AS attached, sum(CASE WHEN r.phase <> 'closed' THEN 1 ELSE 0 END) AS standing
FROM incident_request ir JOIN service_request r ON r.id = ir.request
WHERE ir.state = 'in' AND ir.incident IN ({ids}) AND {where} GROUP BY ir.incident"""
ATTACHED = """
SELECT r.submitted_at, r.closed_at, r.phase, r.channel
FROM incident_request ir JOIN service_request r ON r.id = ir.request
WHERE ir.state = 'in' AND ir.incident = {{}} AND {where} ORDER BY r.submitted_at"""
# Who was told before it was noted what became of it counts as told; what an operator put aside will not arrive.
TOLD = """
SELECT word, state, count(*) AS many FROM (
SELECT t.word, CASE WHEN t.state IS NULL THEN 'told' WHEN t.state = 'on_its_way' AND EXISTS (
    SELECT 1 FROM delivery d WHERE d.id = t.carrier AND d.state IN ('dead', 'skipped')) THEN 'failed'
    ELSE t.state END AS state
FROM incident_word w JOIN incident_told t ON t.word = w.id WHERE w.incident = {}) b GROUP BY word, state"""


SAID = "SELECT SUM(told) AS told, SUM(insisted) AS insisted FROM told WHERE jurisdiction = {} AND answer = {}"


class SameCount(Struct, frozen=True, kw_only=True):
    """How often people were asked whether theirs is the same, follow it instead, or said that it is something else."""

    asked: int = 0
    follow: int = 0
    other: int = 0


async def asked_whether_same(record: Record) -> SameCount:
    """What people answered who would have reported this incident again; two statements."""
    mark = f"operation:{code_of(record.reference)}"
    (row,) = await ServiceRequest.raw(SAID, record.jurisdiction, mark)
    follow = await count_followers(record)
    return SameCount(asked=int(row["told"] or 0), follow=follow, other=int(row["insisted"] or 0))


class AttachedCount(Struct, frozen=True, kw_only=True):
    """How many requests belong to an incident, and how many of them are open."""

    requests: int = 0
    standing: int = 0


class AnnouncementFigures(Struct, frozen=True, kw_only=True):
    """What became of one announcement, in people: told, on its way, to be called or written to by hand, failed."""

    told: int = 0
    on_its_way: int = 0
    to_call: int = 0
    failed: int = 0


class IncidentFigures(Struct, frozen=True, kw_only=True):
    """One incident in numbers; `median` is the time from a request's coming to its closing, of those closed.

    `intake` counts by the hour in the town's time, by the day where the incident is long; `told` by announcement.
    """

    attached: AttachedCount
    intake: tuple[tuple[datetime, int], ...]
    by_day: bool
    channels: tuple[tuple[str, int], ...]
    median: timedelta | None
    told: dict[UUID, AnnouncementFigures]

    @property
    def people(self) -> int:
        """How many were told at least once, as far as the widest announcement shows."""
        return max((each.told for each in self.told.values()), default=0)


async def attached_to(scope: Scope, incidents: Collection[UUID]) -> dict[UUID, AttachedCount]:
    """For each incident what may be counted of it; one statement."""
    if not incidents:
        return {}
    where = within(scope, led=True)
    marks = ", ".join(["{}"] * len(incidents))
    rows = await ServiceRequest.raw(COUNTED.format(ids=marks, where=where.sql), *incidents, *where.values)
    return {
        row["incident"]: AttachedCount(requests=int(row["attached"]), standing=int(row["standing"] or 0))
        for row in rows
    }


async def figures_of(scope: Scope, incident: UUID, time_zone: str) -> IncidentFigures:
    """Everything counted of one incident; two statements."""
    where = within(scope, led=True)
    rows = await ServiceRequest.raw(ATTACHED.format(where=where.sql), incident, *where.values)
    told = await ServiceRequest.raw(TOLD, incident)
    came = [row["submitted_at"].astimezone(ZoneInfo(time_zone)) for row in rows]
    by_day = bool(came) and came[-1] - came[0] > A_DAY * 2
    closed = sorted(row["closed_at"] - row["submitted_at"] for row in rows if row["closed_at"] is not None)
    return IncidentFigures(
        attached=AttachedCount(requests=len(rows), standing=sum(row["phase"] != "closed" for row in rows)),
        intake=tuple(_filled(Counter(_begun(at, by_day=by_day) for at in came), A_DAY if by_day else AN_HOUR)),
        by_day=by_day,
        channels=tuple(Counter(row["channel"] for row in rows).most_common()),
        median=_median(closed),
        told=_became(told),
    )


def _became(rows: Iterable[dict[str, Any]]) -> dict[UUID, AnnouncementFigures]:
    counts: dict[UUID, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row["word"], {})[row["state"]] = int(row["many"])
    return {word: AnnouncementFigures(**those) for word, those in counts.items()}


def _begun(at: datetime, *, by_day: bool) -> datetime:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour.replace(hour=0) if by_day else hour


def _filled(counted: Counter[datetime], step: timedelta) -> list[tuple[datetime, int]]:
    """Hours or days without any as well, so that a lull is seen as one."""
    if not counted:
        return []
    first, last = min(counted), max(counted)
    steps = min(MOST_BARS, 1 + round((last - first) / step))
    return [(at, counted[at]) for at in (first + step * number for number in range(steps))]


def _median(values: list[timedelta]) -> timedelta | None:
    if not values:
        return None
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
