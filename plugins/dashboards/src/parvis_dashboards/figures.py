"""What a manager asks: how many came, were finished, how long it took, what is late; by type, unit, zone and channel.

Everything is counted where it lies. What each figure means is said once, in `definitions`.
"""

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from parvis import clock
from parvis.access_scope import Scope
from parvis.jurisdictions.calendars import BusinessCalendar, local_day
from parvis.requests.clocks.measures import A_DAY
from parvis.selection import Period, Where, within
from parvis_dashboards.counting import (
    ALL,
    KINDS,
    NONE,
    PAIRS,
    Counted,
    Counting,
    Dimension,
    RequestFigures,
    Sum,
    count,
    count_together,
    those,
)
from parvis_dashboards.weekly import Week, weeks_counted

LATE = """
((r.promise = 'missed' AND r.phase NOT IN ('decided', 'closed')) OR (r.promise = 'running' AND r.promised_at < {}))
"""
OPEN = "r.phase <> 'closed'"  # as the partial index has it
AGES = (7, 30, 90, 365)
"""Days since reception between which the requests in hand are counted; the last ones are older than all of them."""
A_MONTH = AGES.index(30)
NOT_UNDONE = "COALESCE(r.undone, 0) = 0"
CAME = {"answered": those("r.answered_in IS NOT NULL")}
FINISHED = {
    "kept": those(f"r.promise = 'met' AND {NOT_UNDONE}"),
    "missed": those(f"r.promise = 'missed' AND {NOT_UNDONE}"),
    "allowed": Sum("SUM(r.allowed)"),
    "promised": those("r.allowed IS NOT NULL"),
}
BACK = {"again": those("r.reopened > 1"), "undone": those("r.undone > 0")}
SAID = {"settled": those("r.settled = 'yes'"), "unsettled": those("r.settled = 'no'")}


class Narrow(Struct, frozen=True, kw_only=True):
    """What of a scope is counted; an empty part does not narrow."""

    types: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """One type, unit, zone or channel, or everything: what came, stands, was finished, how fast and how well.

    Response times are in business days of the town. A value that cannot be known is None.
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
    missed: int
    undone: int
    settled: int
    unsettled: int
    answered: int
    first_median: float | None
    first_ninetieth: float | None
    reopened: int
    reopened_again: int

    @property
    def broken(self) -> int:
        """Promises missed at the end, or broken when the request was reopened."""
        return self.missed + self.undone

    @property
    def share_settled(self) -> float | None:
        """How many of those who answered at the end said that it is settled."""
        return self.settled / (self.settled + self.unsettled) if self.settled + self.unsettled else None

    @property
    def share_kept(self) -> float | None:
        """How many of the promises that ended in the period were kept, and not broken by a reopening since."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


class Age(Struct, frozen=True, kw_only=True):
    """How many requests in hand were received between two days of the town, both included; None is without end."""

    since: date | None
    until: date
    requests: int


class Jam(Struct, frozen=True, kw_only=True):
    """Requests of one type that are open at one unit: how many are overdue, and how many are older than a month."""

    type: str
    unit: str
    standing: int
    late: int
    old: int


class Figures(Struct, frozen=True, kw_only=True):
    """Everything on the manager's page, counted over one scope; `before` is another period, where one was named."""

    total: Line
    before: Line | None
    by_type: tuple[Line, ...]
    by_unit: tuple[Line, ...]
    by_zone: tuple[Line, ...]
    by_channel: tuple[Line, ...]
    weeks: tuple[Week, ...]
    weeks_before: tuple[Week, ...]
    jams: tuple[Jam, ...]
    phases: dict[str, int]
    ages: tuple[Age, ...]

    @property
    def channels(self) -> dict[str, int]:
        """How many came by each channel."""
        return {line.code: line.received for line in self.by_channel if line.received}


class Earlier(Struct, frozen=True, kw_only=True):
    """What a period is compared with: the totals of another one, and the weeks of the year before."""

    total: Line | None
    weeks: tuple[Week, ...]


class _Tables(Struct, frozen=True, kw_only=True):
    came: Counted
    finished: Counted
    back: Counted
    said: Counted
    standing: Counted = {}


async def figures(
    scope: Scope,
    period: Period,
    calendar: BusinessCalendar,
    narrow: Narrow | None = None,
    *,
    against: Period | None = None,
    earlier: Earlier | None = None,
) -> Figures:
    """Three statements, however many requests there are; one more if it is compared with another period.

    Then the weeks of the year before are counted too, with those of the period. Neither is counted where it is known
    by `earlier`.
    """
    narrow = narrow or Narrow()
    bounds = _bounds(calendar)
    tables, before = await asyncio.gather(  # each on a connection of its own: half the wait over years of requests
        _counted(scope, narrow, period, KINDS), _before(scope, narrow, None if earlier else against)
    )
    standing = await count(narrowed(scope, narrow).add(OPEN), _in_hand(calendar, bounds), by=(*KINDS, "phase", PAIRS))
    weeks, weeks_before = await weeks_counted(
        narrowed(scope, narrow), period, calendar, before=against is not None and earlier is None
    )
    beside = earlier or Earlier(total=_line(ALL, "", before) if before else None, weeks=weeks_before)
    whole = structs.replace(tables, standing=standing)
    by_type, by_unit, by_zone, by_channel = (_lines(dimension, whole) for dimension in KINDS)
    return Figures(
        total=_line(ALL, "", whole),
        before=beside.total,
        by_type=by_type,
        by_unit=by_unit,
        by_zone=by_zone,
        by_channel=by_channel,
        weeks=weeks,
        weeks_before=beside.weeks,
        jams=_jams(standing),
        phases={code: counted.requests for (dimension, code), counted in standing.items() if dimension == "phase"},
        ages=_ages(standing.get((ALL, ""), NONE), bounds),
    )


async def _before(scope: Scope, narrow: Narrow, period: Period | None) -> _Tables | None:
    return await _counted(scope, narrow, period, ()) if period else None


async def _counted(scope: Scope, narrow: Narrow, period: Period, by: tuple[Dimension, ...]) -> _Tables:
    def during(column: str) -> Where:
        inside = narrowed(scope, narrow)
        return inside.add(f"r.{column} >= {{}}", period.since).add(f"r.{column} < {{}}", period.until)

    asked = (
        Counting(during("submitted_at"), CAME, "answered_in"),
        Counting(during("closed_at"), FINISHED, "took"),
        Counting(during("reopened_at"), BACK),
        Counting(during("settled_at"), SAID),
    )
    came, finished, back, said = await count_together(asked, by=by)
    return _Tables(came=came, finished=finished, back=back, said=said)


def narrowed(scope: Scope, narrow: Narrow, units: tuple[str, ...] = ()) -> Where:
    """The requests of a scope that are counted, as far as they are narrowed; by these columns of a unit."""
    where = within(scope, units)
    for column, codes in (("type", narrow.types), ("zone", narrow.zones), ("channel", narrow.channels)):
        if codes:
            where.add(f"r.{column} IN ({', '.join(['{}'] * len(codes))})", *codes)
    return where


def _bounds(calendar: BusinessCalendar) -> tuple[tuple[date | None, date], ...]:
    """The first and the last day of each age, the youngest first."""
    today = local_day(calendar, clock.now())
    firsts = [today - timedelta(days=days - 1) for days in AGES]
    lasts = [today, *(first - timedelta(days=1) for first in firsts)]
    return tuple(zip((*firsts, None), lasts, strict=True))


def _in_hand(calendar: BusinessCalendar, bounds: tuple[tuple[date | None, date], ...]) -> dict[str, Sum]:
    """What is added up over the requests in hand: what is late, and how many are no older than each age."""
    zone = ZoneInfo(calendar.time_zone)
    since = [datetime.combine(first, time(), zone) for first, _ in bounds if first is not None]
    young = {f"within_{number}": those("r.submitted_at >= {}", first) for number, first in enumerate(since)}
    return {"late": those(LATE, clock.now()), **young}


def _ages(standing: RequestFigures, bounds: tuple[tuple[date | None, date], ...]) -> tuple[Age, ...]:
    upto = [*(standing[f"within_{number}"] for number in range(len(AGES))), standing.requests]
    below = [0, *upto]
    return tuple(
        Age(since=since, until=until, requests=all_ - younger)
        for (since, until), all_, younger in zip(bounds, upto, below, strict=False)
    )


def _jams(standing: Counted) -> tuple[Jam, ...]:
    """What is open at each unit by type, where most is overdue first; then where most is old."""
    jams = [
        Jam(
            type=code.partition(":")[0],
            unit=code.partition(":")[2],
            standing=counted.requests,
            late=counted["late"],
            old=counted.requests - counted[f"within_{A_MONTH}"],
        )
        for (dimension, code), counted in standing.items()
        if dimension == PAIRS
    ]
    return tuple(sorted(jams, key=lambda jam: (-jam.late, -jam.old, -jam.standing, jam.type, jam.unit)))


def _lines(dimension: Dimension, tables: _Tables) -> tuple[Line, ...]:
    of_each = (tables.came, tables.finished, tables.back, tables.said, tables.standing)
    codes = {code for table in of_each for kind, code in table if kind == dimension}
    lines = (_line(dimension, code, tables) for code in codes)
    return tuple(sorted(lines, key=lambda line: (-line.received, -line.standing, line.code)))


def _line(dimension: Dimension, code: str, tables: _Tables) -> Line:
    came, finished, back, said, standing = (
        table.get((dimension, code), NONE)
        for table in (tables.came, tables.finished, tables.back, tables.said, tables.standing)
    )
    return Line(
        code=code,
        received=came.requests,
        finished=finished.requests,
        standing=standing.requests,
        late=standing["late"],
        median=finished.half,
        ninetieth=finished.most,
        promised=finished["allowed"] / finished["promised"] / A_DAY if finished["promised"] else None,
        kept=finished["kept"],
        missed=finished["missed"],
        undone=back["undone"],
        settled=said["settled"],
        unsettled=said["unsettled"],
        answered=came["answered"],
        first_median=came.half,
        first_ninetieth=came.most,
        reopened=back.requests,
        reopened_again=back["again"],
    )
