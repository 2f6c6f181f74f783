"""What a manager asks: how many came, were finished, how long it took, what is late; by type, unit and week."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.insights.open_time import OpenTime, quantile
from parvis.insights.scope import Period, within
from parvis.reach import Scope
from parvis.territory.calendars import BusinessCalendar, local_day

Dimension = Literal["type", "unit"]
LATE = """
((r.promise = 'missed' AND r.phase NOT IN ('decided', 'closed')) OR (r.promise = 'running' AND r.promised_at < {}))
"""
RECEIVED = "SELECT r.type, r.unit, r.channel, r.submitted_at FROM service_request r WHERE {where}"
STANDING = """
SELECT r.type, r.unit, r.phase, r.state, COUNT(*) AS requests, SUM(CASE WHEN {late} THEN 1 ELSE 0 END) AS late
FROM service_request r WHERE {where} AND r.phase <> 'closed' GROUP BY r.type, r.unit, r.phase, r.state
"""
FINISHED = """
SELECT r.type, r.unit, r.submitted_at, r.closed_at, r.settled, c.ended_at, c.started_at, c.due_at, c.state AS promise
FROM service_request r LEFT JOIN clock c ON c.request = r.id AND c.shown = {{}}
WHERE {where} AND r.closed_at >= {{}} AND r.closed_at < {{}}
"""


class Line(Struct, frozen=True, kw_only=True):
    """One type, one unit, or everything: what came, what stands, what was finished and how fast.

    A request is finished when it is closed. Delays are in business days of the town, from reception to the moment that
    the promise was about (to the closing, where nothing was promised). `settled` and `unsettled` are what their
    requesters last said of those finished, when they were asked.
    """

    code: str
    received: int
    finished: int
    standing: int
    late: int
    median: float | None
    ninetieth: float | None
    promised: float | None
    kept: int
    broken: int
    settled: int
    unsettled: int

    @property
    def share_settled(self) -> float | None:
        """How many of those who answered at the end said that it is settled."""
        return self.settled / (self.settled + self.unsettled) if self.settled + self.unsettled else None

    @property
    def share_kept(self) -> float | None:
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


class Week(Struct, frozen=True, kw_only=True):
    """Seven days from a Monday."""

    monday: date
    received: int
    finished: int


class Figures(Struct, frozen=True, kw_only=True):
    """Everything on the manager's page, counted over the same requests."""

    total: Line
    by_type: tuple[Line, ...]
    by_unit: tuple[Line, ...]
    weeks: tuple[Week, ...]
    phases: dict[str, int]
    states: dict[tuple[str, str], int]
    channels: dict[str, int]


class _Finished(Struct, frozen=True):
    type: str
    unit: str
    closed_at: datetime
    days: float
    promised: float | None
    kept: bool | None
    settled: str | None


async def figures(scope: Scope, period: Period, calendar: BusinessCalendar, types: tuple[str, ...] = ()) -> Figures:
    """Three statements, however many requests there are; `types` narrows to some."""
    received = await _received(scope, period, types)
    standing = await _standing(scope, types)
    finished = _measured(await _finished(scope, period, types), calendar)
    return Figures(
        total=_line("", received, standing, finished),
        by_type=_lines("type", received, standing, finished),
        by_unit=_lines("unit", received, standing, finished),
        weeks=_weeks(period, calendar, [row["submitted_at"] for row in received], [one.closed_at for one in finished]),
        phases=_summed(standing, lambda row: str(row["phase"])),
        states=_summed(standing, lambda row: (str(row["type"]), str(row["state"]))),
        channels=dict(Counter(row["channel"] for row in received)),
    )


def _summed(rows: list[dict[str, Any]], key: Callable[[dict[str, Any]], Any]) -> dict[Any, int]:
    counted: Counter[Any] = Counter()
    for row in rows:
        counted[key(row)] += int(row["requests"])
    return dict(counted)


async def _received(scope: Scope, period: Period, types: tuple[str, ...]) -> list[dict[str, Any]]:
    where = _where(scope, types)
    where.add("r.submitted_at >= {}", period.since).add("r.submitted_at < {}", period.until)
    return list(await ServiceRequest.raw(RECEIVED.format(where=where.sql), *where.values))


async def _standing(scope: Scope, types: tuple[str, ...]) -> list[dict[str, Any]]:
    where = _where(scope, types)
    return list(await ServiceRequest.raw(STANDING.format(late=LATE, where=where.sql), clock.now(), *where.values))


async def _finished(scope: Scope, period: Period, types: tuple[str, ...]) -> list[dict[str, Any]]:
    where = _where(scope, types)
    sql = FINISHED.format(where=where.sql)
    return list(await ServiceRequest.raw(sql, True, *where.values, period.since, period.until))


def _where(scope: Scope, types: tuple[str, ...]) -> Any:
    where = within(scope)
    if types:
        where.add(f"r.type IN ({', '.join(['{}'] * len(types))})", *types)
    return where


def _measured(rows: list[dict[str, Any]], calendar: BusinessCalendar) -> list[_Finished]:
    if not rows:
        return []
    ends = [row["ended_at"] or row["closed_at"] for row in rows]
    dues = [row["due_at"] for row in rows if row["due_at"]]
    time = OpenTime(calendar, min(row["submitted_at"] for row in rows), max([*ends, *dues]))
    return [
        _Finished(
            type=row["type"],
            unit=row["unit"],
            closed_at=row["closed_at"],
            days=time.days_between(row["submitted_at"], ended),
            promised=time.days_between(row["started_at"], row["due_at"]) if row["due_at"] else None,
            kept={"met": True, "missed": False}.get(row["promise"]),
            settled=row["settled"],
        )
        for row, ended in zip(rows, ends, strict=True)
    ]


def _lines(
    dimension: Dimension, received: list[dict[str, Any]], standing: list[dict[str, Any]], finished: list[_Finished]
) -> tuple[Line, ...]:
    came: dict[str, list[dict[str, Any]]] = defaultdict(list)
    stand: dict[str, list[dict[str, Any]]] = defaultdict(list)
    done: dict[str, list[_Finished]] = defaultdict(list)
    for row in received:
        came[row[dimension]].append(row)
    for row in standing:
        stand[row[dimension]].append(row)
    for one in finished:
        done[getattr(one, dimension)].append(one)
    codes = came.keys() | stand.keys() | done.keys()
    lines = (_line(code, came[code], stand[code], done[code]) for code in codes)
    return tuple(sorted(lines, key=lambda line: (-line.received, -line.standing, line.code)))


def _line(code: str, received: list[dict[str, Any]], standing: list[dict[str, Any]], finished: list[_Finished]) -> Line:
    days = [one.days for one in finished]
    promised = [one.promised for one in finished if one.promised is not None]
    return Line(
        code=code,
        received=len(received),
        finished=len(finished),
        standing=sum(int(row["requests"]) for row in standing),
        late=sum(int(row["late"] or 0) for row in standing),
        median=quantile(days, 0.5),
        ninetieth=quantile(days, 0.9),
        promised=quantile(promised, 0.5),
        kept=sum(one.kept is True for one in finished),
        broken=sum(one.kept is False for one in finished),
        settled=sum(one.settled == "yes" for one in finished),
        unsettled=sum(one.settled == "no" for one in finished),
    )


def _weeks(
    period: Period, calendar: BusinessCalendar, received: Iterable[datetime], finished: Iterable[datetime]
) -> tuple[Week, ...]:
    came = Counter(_monday(local_day(calendar, moment)) for moment in received)
    done = Counter(_monday(local_day(calendar, moment)) for moment in finished)
    monday = _monday(local_day(calendar, period.since))
    last = local_day(calendar, period.until - timedelta(microseconds=1))
    weeks = []
    while monday <= last:
        weeks.append(Week(monday=monday, received=came[monday], finished=done[monday]))
        monday += timedelta(days=7)
    return tuple(weeks)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
