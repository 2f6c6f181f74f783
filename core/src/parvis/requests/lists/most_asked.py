"""Which services people of a town ask for most at this time of the year, from the town's own requests."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from parvis import clock
from parvis.db import Engine
from parvis.db.tables import ServiceRequest

DAYS, YEAR = timedelta(days=30), timedelta(days=365)
MOST = 5000  # of each time: enough to tell which are asked for, in a town of any size
KEPT_SECONDS = 3600.0
RECENT = (
    "SELECT type FROM (SELECT type FROM service_request WHERE jurisdiction = {{}} AND submitted_at >= {{}} "
    "AND submitted_at < {{}} ORDER BY submitted_at DESC LIMIT {most}) AS of_a_time"
)
COUNTED = "SELECT type, count(*) AS requests FROM ({one} UNION ALL {one}) AS asked GROUP BY type"


class MostAsked:
    """Remembers the counts of each town for an hour, so that its first page asks the database nothing."""

    def __init__(self, seconds: float = KEPT_SECONDS) -> None:
        self.seconds = seconds
        self._known: dict[str, tuple[Engine, float, Mapping[str, int]]] = {}

    async def of(self, engine: Engine, jurisdiction: str) -> Mapping[str, int]:
        """How often each type was asked for; types that nobody asked for are left out."""
        known, now = self._known.get(jurisdiction), time.monotonic()
        if known is None or known[0] is not engine or now - known[1] > self.seconds:
            known = self._known[jurisdiction] = (engine, now, await counted(jurisdiction))
        return known[2]


async def counted(jurisdiction: str) -> dict[str, int]:
    """Requests by type: those of the last thirty days, and those of the thirty days that follow this one a year ago,
    which say what the season brings. One statement, answered by an index."""
    now = clock.now()
    times: tuple[Any, ...] = (jurisdiction, now - DAYS, now, jurisdiction, now - YEAR, now - YEAR + DAYS)
    rows = await ServiceRequest.raw(COUNTED.format(one=RECENT.format(most=MOST)), *times)
    return {row["type"]: int(row["requests"]) for row in rows}
