"""Business time for many pairs of instants: the calendar is unrolled once, each pair then costs two look-ups."""

from bisect import bisect_right
from datetime import datetime, timedelta

from parvis.territory.calendars import BusinessCalendar, days_between, local_day, spans_of

SECONDS_A_DAY = 24 * 3600


class OpenTime:
    """How long a town has been open since the first instant that matters."""

    def __init__(self, calendar: BusinessCalendar, first: datetime, last: datetime) -> None:
        self.starts: list[float] = []
        self.passed: list[float] = []
        self.lengths: list[float] = []
        total, days = 0.0, 0
        for day in days_between(local_day(calendar, first), local_day(calendar, last)):
            spans = spans_of(calendar, day)
            days += bool(spans)
            for opening, closing in spans:
                length = (closing - opening).total_seconds()
                self.starts.append(opening.timestamp())
                self.passed.append(total)
                self.lengths.append(length)
                total += length
        self.business_day = timedelta(seconds=total / days if days else SECONDS_A_DAY)

    def until(self, instant: datetime) -> float:
        """Seconds of open time before `instant`."""
        moment = instant.timestamp()
        at = bisect_right(self.starts, moment) - 1
        if at < 0:
            return 0.0
        return self.passed[at] + min(moment - self.starts[at], self.lengths[at])

    def days_between(self, start: datetime, end: datetime) -> float:
        """The open time from one instant to the other, in business days of this town."""
        return (self.until(end) - self.until(start)) / self.business_day.total_seconds()


def quantile(values: list[float], share: float) -> float | None:
    """The value below which this share of them lies, between neighbours where it falls between; None of nothing.

    >>> quantile([1.0, 2.0, 3.0, 10.0], 0.5)
    2.5
    """
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
