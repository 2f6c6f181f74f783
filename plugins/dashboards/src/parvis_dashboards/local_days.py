"""The days of a town counted in the database: moments laid on its clock by the hours at which that was moved."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from parvis.db import in_seconds
from parvis.db.tables import ServiceRequest

A_DAY = timedelta(days=1)
FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def on_the_clock(column: str, time_zone: str, until: datetime) -> str:
    """What the clock of the town showed at the moment of a column of `service_request`, in seconds since 1970.

    Moments after `until`, and before 1970, are taken by the nearest time that is known.
    """
    seconds, offsets = in_seconds(column, ServiceRequest), _offsets(time_zone, until.year + 1)
    cases = "".join(f"WHEN {seconds} >= {since} THEN {seconds} + ({offset}) " for since, offset in reversed(offsets))
    return f"CASE {cases}ELSE {seconds} + ({offsets[0][1]}) END"


@lru_cache(maxsize=64)
def _offsets(time_zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """From which second on the clock of a town was how far from UTC, the oldest first."""
    zone, end = ZoneInfo(time_zone), datetime(year, 1, 1, tzinfo=UTC)
    found = [(0, _offset(FIRST, zone))]
    day = FIRST
    while day < end:
        if _offset(day + A_DAY, zone) != found[-1][1]:
            low, high = 0, int(A_DAY.total_seconds())  # before and after the change
            while high - low > 1:
                middle = (low + high) // 2
                if _offset(day + timedelta(seconds=middle), zone) == found[-1][1]:
                    low = middle
                else:
                    high = middle
            since = day + timedelta(seconds=high)
            found.append((int(since.timestamp()), _offset(since, zone)))
        day += A_DAY
    return tuple(found)


def _offset(moment: datetime, zone: ZoneInfo) -> int:
    offset = moment.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
