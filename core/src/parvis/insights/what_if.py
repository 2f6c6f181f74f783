"""What other levels would have come to: kept promises of the past counted again under every number of business days.

Each promise that was made in business days is laid on the calendar with the rests that it had. What was finished within
n days would have been kept with n; what is still open and has taken longer would not, and what is still open and has
not is left out until one knows. Dates that the town moved by hand count as if it had not.
"""

from collections import Counter
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db.tables import Clock
from parvis.insights.scope import Period, within
from parvis.reach import Scope
from parvis.territory.calendars import BusinessCalendar
from parvis.territory.ruler import Ruler

BATCH = 2000
MOST = 300_000  # requests that are looked at, the latest of the period
MOST_DAYS = 60  # of the curve
NINE_IN_TEN = 0.9
PROMISES = """
SELECT r.id AS request, r.submitted_at, c.started_at, c.ended_at, c.state, c.allowance, c.rests
FROM service_request r JOIN clock c ON c.request = r.id
WHERE {where} AND c.shown AND r.submitted_at >= {{}} AND r.submitted_at <= {{}}
AND (r.submitted_at < {{}} OR r.id < {{}})
ORDER BY r.submitted_at DESC, r.id DESC LIMIT {batch}
"""
LAST = UUID(int=2**128 - 1)


class Allowance(Struct, frozen=True):
    """Of a level what is counted here."""

    business_days: int = 0


class Rest(Struct, frozen=True):
    """A time in which a promise rested."""

    since: datetime
    until: datetime | None = None


RESTS = msgspec.json.Decoder(list[Rest])


class Chosen(Struct, frozen=True, kw_only=True):
    """Which promises are counted again; empty parts are all."""

    type: str = ""
    zone: str = ""


class Point(Struct, frozen=True, kw_only=True):
    """So many of the promises would have been kept with so many days."""

    days: int
    kept: int
    counted: int

    @property
    def share(self) -> float:
        return self.kept / self.counted if self.counted else 0.0


class Trial(Struct, frozen=True, kw_only=True):
    """The whole curve, and what was really promised: `usual` is the number of days that most had."""

    points: tuple[Point, ...]
    usual: int
    kept: int
    broken: int
    still_open: int
    in_hours: int
    cut: bool = False

    def at(self, days: int) -> Point:
        """With so many days, of 1 to the end of the curve."""
        return self.points[max(1, min(days, MOST_DAYS)) - 1]

    def nine_in_ten(self) -> int | None:
        """The fewest days with which nine in ten would have been kept."""
        return next((point.days for point in self.points if point.counted and point.share >= NINE_IN_TEN), None)


async def try_levels(scope: Scope, period: Period, calendar: BusinessCalendar, chosen: Chosen) -> Trial:
    """Every number of days tried on the promises of a period, two thousand rows in memory at a time."""
    where = within(scope)
    for column, value in (("type", chosen.type), ("zone", chosen.zone)):
        if value:
            where.add(f"r.{column} = {{}}", value)
    sql = PROMISES.format(where=where.sql, batch=BATCH)
    tally = _Tally(calendar, period.since, clock.now())
    at, last, seen = period.until, LAST, 0
    while seen < MOST:
        rows = await Clock.raw(sql, *where.values, period.since, at, at, last)
        for row in rows:
            tally.add(row)
        seen += len(rows)
        if len(rows) < BATCH:
            return tally.trial(cut=False)
        at, last = rows[-1]["submitted_at"], rows[-1]["request"]
    return tally.trial(cut=True)


@lru_cache(maxsize=1024)
def promised_days(allowance: str) -> int:
    """The business days of a level as it is kept; of few levels come many promises."""
    return msgspec.json.decode(allowance, type=Allowance).business_days


class _Tally:
    """Counts as rows come; nothing of them stays but how many needed how many days."""

    def __init__(self, calendar: BusinessCalendar, since: datetime, now: datetime) -> None:
        self.ruler, self.now = Ruler(calendar, since), now
        self.needed, self.so_far, self.promised = Counter[int](), Counter[int](), Counter[int]()
        self.kept = self.broken = self.in_hours = 0

    def add(self, row: dict[str, Any]) -> None:
        days = promised_days(row["allowance"])
        if not days:
            self.in_hours += 1
            return
        self.promised[days] += 1
        rests = RESTS.decode(row["rests"])
        ended: datetime | None = row["ended_at"]
        self.kept += row["state"] == "met"
        self.broken += row["state"] == "missed"
        if ended is not None:
            self.needed[self._days(row["started_at"], ended, rests)] += 1
            return
        until = rests[-1].since if rests and rests[-1].until is None else self.now
        self.so_far[self._days(row["started_at"], until, rests)] += 1

    def _days(self, start: datetime, end: datetime, rests: list[Rest]) -> int:
        measure = self.ruler.open_time
        rested = [
            measure(rest.until) - measure(rest.since) for rest in rests if rest.until is not None and rest.until <= end
        ]
        return self.ruler.days_to(start, measure(end) - sum(rested, timedelta(0)))

    def trial(self, *, cut: bool) -> Trial:
        finished, kept, points = self.needed.total(), self.needed[0], []
        beyond = self.so_far.total() - self.so_far[0]
        for days in range(1, MOST_DAYS + 1):
            kept += self.needed[days]
            beyond -= self.so_far[days]
            points.append(Point(days=days, kept=kept, counted=finished + beyond))
        return Trial(
            points=tuple(points),
            usual=self.promised.most_common(1)[0][0] if self.promised else 0,
            kept=self.kept,
            broken=self.broken,
            still_open=self.so_far.total(),
            in_hours=self.in_hours,
            cut=cut,
        )
