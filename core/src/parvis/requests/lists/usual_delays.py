"""How long a service takes, from requests that are done: what its page says before somebody asks."""

import math
import time
from datetime import timedelta

from msgspec import Struct

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.calendars import quantile
from parvis.requests.clocks.measures import A_DAY

LEAST = 10  # requests below which nothing is said: a median of five tells of five people
MOST = 400
DAYS = 365
KEPT_SECONDS = 600.0
RECENT = """
SELECT r.took FROM service_request r
WHERE r.jurisdiction = {} AND r.closed_at IS NOT NULL AND r.closed_at >= {} AND r.type = {} AND r.took IS NOT NULL
ORDER BY r.closed_at DESC LIMIT {}
"""


class Delay(Struct, frozen=True, kw_only=True):
    """Over so many requests closed within a year, in business days of the town, rounded up."""

    requests: int
    median: int
    ninetieth: int


class Delays:
    """Remembers each usual response time for ten minutes, so that the page of a service rarely reads the database."""

    def __init__(self, seconds: float = KEPT_SECONDS) -> None:
        self.seconds = seconds
        self._known: dict[tuple[str, str], tuple[float, Delay | None]] = {}

    async def of(self, jurisdiction: str, type_code: str) -> Delay | None:
        """The usual response time of a service; None while too few requests are done to say."""
        key, now = (jurisdiction, type_code), time.monotonic()
        known = self._known.get(key)
        if known is None or now - known[0] > self.seconds:
            known = (now, await measured(jurisdiction, type_code))
            self._known[key] = known
        return known[1]


async def measured(jurisdiction: str, type_code: str) -> Delay | None:
    """From reception to the moment that the promise was about, over the newest closed requests; one statement."""
    since = clock.now() - timedelta(days=DAYS)
    rows = await ServiceRequest.raw(RECENT, jurisdiction, since, type_code, MOST)
    if len(rows) < LEAST:
        return None
    days = [row["took"] / A_DAY for row in rows]
    return Delay(requests=len(days), median=whole(quantile(days, 0.5)), ninetieth=whole(quantile(days, 0.9)))


def whole(days: float | None) -> int:
    """Full days, as one promises them: what took an hour took a day."""
    return max(1, math.ceil(round(days or 0.0, 2)))
