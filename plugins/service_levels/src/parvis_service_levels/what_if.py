"""What other levels would have come to: kept promises of the past counted again under every number of business days.

What was finished within n days would have been kept with n; what is still open and has taken longer would not, and
what is still open and has not is left out until one knows. Dates that the town moved by hand count as if it had not.

How many days a closed request would have needed is counted when it is closed, by the calendar of that day, and is added
up where it lies; only the others, whose number does not grow with the years, are laid on the calendar here.
"""

from collections import Counter
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import Clock
from parvis.jurisdictions.calendars import BusinessCalendar, Ruler
from parvis.selection import Period, within

MOST = 50_000  # requests that are laid on the calendar here, the latest of the period
MOST_DAYS = 60  # of the curve
NINE_IN_TEN = 0.9
COUNTED = """
SELECT r.days_promised, r.days_needed, r.promise, COUNT(*) AS requests FROM service_request r
WHERE {where} AND r.submitted_at >= {{}} AND r.submitted_at <= {{}} AND r.days_promised IS NOT NULL
GROUP BY r.days_promised, r.days_needed, r.promise
"""
OTHERS = f"""
SELECT c.started_at, c.ended_at, c.state, c.allowance, c.rests FROM service_request r JOIN clock c ON c.request = r.id
WHERE {{where}} AND r.submitted_at >= {{{{}}}} AND r.submitted_at <= {{{{}}}} AND r.days_promised IS NULL AND c.shown
ORDER BY r.submitted_at DESC, r.id DESC LIMIT {MOST + 1}
"""  # noqa: S608 - a number of ours


class Allowance(Struct, frozen=True):
    """Of a level what is counted here."""

    business_days: int = 0


class Rest(Struct, frozen=True):
    """A time in which a promise rested."""

    since: datetime
    until: datetime | None = None


RESTS = msgspec.json.Decoder(list[Rest])


class PromiseFilter(Struct, frozen=True, kw_only=True):
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


async def try_levels(scope: Scope, period: Period, calendar: BusinessCalendar, chosen: PromiseFilter) -> Trial:
    """Every number of days tried on the promises of a period; two statements, however many there are."""
    where = within(scope)
    for column, value in (("type", chosen.type), ("zone", chosen.zone)):
        if value:
            where.add(f"r.{column} = {{}}", value)
    values = (*where.values, period.since, period.until)
    tally = _Tally(calendar, period.since, clock.now())
    for row in await Clock.raw(COUNTED.format(where=where.sql), *values):
        tally.add_counted(row)
    others = await Clock.raw(OTHERS.format(where=where.sql), *values)
    for row in others[:MOST]:
        tally.add(row)
    return tally.trial(cut=len(others) > MOST)


@lru_cache(maxsize=1024)
def promised_days(allowance: str) -> int:
    """The business days of a level as it is kept; of few levels come many promises."""
    return msgspec.json.decode(allowance, type=Allowance).business_days


class _Tally:
    """Counts groups and rows as they come; nothing of them stays but how many needed how many days."""

    def __init__(self, calendar: BusinessCalendar, since: datetime, now: datetime) -> None:
        self.ruler, self.now = Ruler(calendar, since), now
        self.needed, self.so_far, self.promised = Counter[int](), Counter[int](), Counter[int]()
        self.kept = self.broken = self.in_hours = 0

    def add_counted(self, row: dict[str, Any]) -> None:
        days, requests = row["days_promised"], int(row["requests"])
        if not days:
            self.in_hours += requests
            return
        self.promised[days] += requests
        self.needed[row["days_needed"]] += requests
        self.kept += requests * (row["promise"] == "met")
        self.broken += requests * (row["promise"] == "missed")

    def add(self, row: dict[str, Any]) -> None:
        days = promised_days(row["allowance"])
        if not days:
            self.in_hours += 1
            return
        self.promised[days] += 1
        rests = [(rest.since, rest.until) for rest in RESTS.decode(row["rests"])]
        ended: datetime | None = row["ended_at"]
        self.kept += row["state"] == "met"
        self.broken += row["state"] == "missed"
        if ended is not None:
            self.needed[self.ruler.days_needed(row["started_at"], ended, rests)] += 1
            return
        until = rests[-1][0] if rests and rests[-1][1] is None else self.now
        self.so_far[self.ruler.days_needed(row["started_at"], until, rests)] += 1

    def trial(self, *, cut: bool) -> Trial:
        finished, kept, points = self.needed.total(), self.needed[0], []
        beyond = self.so_far.total() - self.so_far[0]
        for days in range(1, MOST_DAYS + 1):
            kept += self.needed[days]
            beyond -= self.so_far[days]
            points.append(Point(days=days, kept=kept, counted=finished + beyond))
        return Trial(
            points=tuple(points),
            usual=max(self.promised, key=lambda days: (self.promised[days], -days), default=0),
            kept=self.kept,
            broken=self.broken,
            still_open=self.so_far.total(),
            in_hours=self.in_hours,
            cut=cut,
        )
