"""What a town tells everybody about itself: how many requests came and were settled, how long that took, by type."""

import asyncio
from collections.abc import Collection
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.clocks.measures import A_DAY
from parvis.selection import Period, Where
from parvis_dashboards.counting import ALL, NONE, RequestFigures, Sum, count

DAYS = 90
LEAST = 5  # fewer say more about one person than about the town
LIFE = timedelta(minutes=10)
TOOK = {"took": Sum("SUM(r.took)")}


class ResponseFigures(Struct, frozen=True, kw_only=True):
    """One type, or all of them: response times in business days of the town, None if too few were resolved."""

    code: str
    received: int
    settled: int
    mean: float | None
    median: float | None
    ninetieth: float | None


class PublishedFigures(Struct, frozen=True, kw_only=True):
    """The figures of a town over a period that ends now; types of which there was too little are only in the total."""

    since: datetime
    until: datetime
    total: ResponseFigures
    by_type: tuple[ResponseFigures, ...]

    def of(self, code: str) -> ResponseFigures | None:
        return next((told for told in self.by_type if told.code == code), None)


class Figures:
    """The figures of each town as they were counted at most ten minutes ago."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], PublishedFigures] = {}
        self._counting = asyncio.Lock()

    async def of(self, town: Jurisdiction, types: Collection[str], days: int = DAYS) -> PublishedFigures:
        """Those of one town, over the types that it has public pages for."""
        key = (town.code, days)
        async with self._counting:
            kept = self._kept.get(key)
            if kept is None or kept.until + LIFE <= clock.now():
                kept = self._kept[key] = await published(town, types, days)
        return kept


async def published(town: Jurisdiction, types: Collection[str], days: int = DAYS) -> PublishedFigures:
    """Two statements, each answered from an index, however many requests there are."""
    until = clock.now()
    first = local_day(town.calendar, until) - timedelta(days=days)
    period = Period(since=datetime.combine(first, time(), ZoneInfo(town.time_zone)), until=until)
    came = await count(_during("submitted_at", town, types, period), {}, by=("type",))
    closed = await count(_during("closed_at", town, types, period), TOOK, delay="took", by=("type",))
    codes = {code for table in (came, closed) for kind, code in table if kind == "type"}
    lines = [_told(code, came.get(("type", code), NONE), closed.get(("type", code), NONE)) for code in codes]
    return PublishedFigures(
        since=period.since,
        until=period.until,
        total=_told("", came.get((ALL, ""), NONE), closed.get((ALL, ""), NONE)),
        by_type=tuple(sorted((one for one in lines if one.received >= LEAST or one.mean is not None), key=_order)),
    )


def _during(column: str, town: Jurisdiction, types: Collection[str], period: Period) -> Where:
    where = Where().add("r.jurisdiction = {}", town.code)
    where.add(f"r.{column} >= {{}}", period.since).add(f"r.{column} < {{}}", period.until)
    return where.add(f"r.type IN ({', '.join(['{}'] * len(types))})", *types) if types else where.add("1 = 0")


def _order(told: ResponseFigures) -> tuple[int, int, str]:
    return (-told.settled, -told.received, told.code)


def _told(code: str, came: RequestFigures, closed: RequestFigures) -> ResponseFigures:
    enough = closed.measured >= LEAST
    return ResponseFigures(
        code=code,
        received=came.requests,
        settled=closed.requests,
        mean=closed["took"] / closed.measured / A_DAY if enough else None,
        median=closed.half if enough else None,
        ninetieth=closed.most if enough else None,
    )
