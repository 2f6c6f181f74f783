"""What a town tells everybody about itself: how many requests came and were settled, how long that took, by type."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime, time, timedelta
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.insights.open_time import OpenTime, quantile
from parvis.insights.scope import Period
from parvis.territory import Jurisdiction
from parvis.territory.calendars import local_day

DAYS = 90
LEAST = 5  # fewer say more about one person than about the town
LIFE = timedelta(minutes=10)
RECEIVED = """
SELECT type, count(*) AS requests FROM service_request
WHERE jurisdiction = {} AND submitted_at >= {} AND submitted_at < {} GROUP BY type"""
SETTLED = """
SELECT r.type, r.submitted_at, r.closed_at, c.ended_at
FROM service_request r LEFT JOIN clock c ON c.request = r.id AND c.shown = {}
WHERE r.jurisdiction = {} AND r.closed_at >= {} AND r.closed_at < {}"""


class Told(Struct, frozen=True, kw_only=True):
    """One type, or all of them: delays are in business days of the town, None where too few were settled to say."""

    code: str
    received: int
    settled: int
    mean: float | None
    median: float | None
    ninetieth: float | None


class Published(Struct, frozen=True, kw_only=True):
    """The figures of a town over a period that ends now; types of which there was too little are only in the total."""

    since: datetime
    until: datetime
    total: Told
    by_type: tuple[Told, ...]

    def of(self, code: str) -> Told | None:
        return next((told for told in self.by_type if told.code == code), None)


class Figures:
    """The figures of each town as they were counted at most ten minutes ago."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Published] = {}
        self._counting = asyncio.Lock()

    async def of(self, town: Jurisdiction, types: Collection[str], days: int = DAYS) -> Published:
        """Those of one town, over the types that it has public pages for."""
        key = (town.code, days)
        async with self._counting:
            kept = self._kept.get(key)
            if kept is None or kept.until + LIFE <= clock.now():
                kept = self._kept[key] = await published(town, types, days)
        return kept


async def published(town: Jurisdiction, types: Collection[str], days: int = DAYS) -> Published:
    """Two statements, each answered from an index, however many requests there are."""
    until = clock.now()
    first = local_day(town.calendar, until) - timedelta(days=days)
    period = Period(since=datetime.combine(first, time(), ZoneInfo(town.time_zone)), until=until)
    received = await ServiceRequest.raw(RECEIVED, town.code, period.since, period.until)
    settled = await ServiceRequest.raw(SETTLED, True, town.code, period.since, period.until)
    came = Counter({row["type"]: row["requests"] for row in received if row["type"] in types})
    took = _took(town, [row for row in settled if row["type"] in types])
    lines = [_told(code, came[code], took.get(code, [])) for code in came.keys() | took.keys()]
    return Published(
        since=period.since,
        until=period.until,
        total=_told("", came.total(), [days for each in took.values() for days in each]),
        by_type=tuple(sorted((one for one in lines if one.received >= LEAST or one.mean is not None), key=_order)),
    )


def _order(told: Told) -> tuple[int, int, str]:
    return (-told.settled, -told.received, told.code)


def _took(town: Jurisdiction, rows: list[dict[str, Any]]) -> dict[str, list[float]]:
    """How long each settled request took, up to what was promised (else to its closing), by type."""
    took: dict[str, list[float]] = defaultdict(list)
    if rows:
        ends = [row["ended_at"] or row["closed_at"] for row in rows]
        open_time = OpenTime(town.calendar, min(row["submitted_at"] for row in rows), max(ends))
        for row, ended in zip(rows, ends, strict=True):
            took[row["type"]].append(open_time.days_between(row["submitted_at"], ended))
    return took


def _told(code: str, received: int, days: list[float]) -> Told:
    enough = len(days) >= LEAST
    return Told(
        code=code,
        received=received,
        settled=len(days),
        mean=fmean(days) if enough else None,
        median=quantile(days, 0.5) if enough else None,
        ninetieth=quantile(days, 0.9) if enough else None,
    )
