"""Business time for many pairs of instants: the calendar is unrolled once, each pair then costs two look-ups."""

from bisect import bisect_right
from datetime import datetime, timedelta

from parvis.jurisdictions.calendars import BusinessCalendar, days_between, local_day, spans_of


class OpenTime:
    """How many days a town has been open since the first instant that matters, each open day being one."""

    def __init__(self, calendar: BusinessCalendar, first: datetime, last: datetime) -> None:
        self.starts: list[float] = []
        self.passed: list[float] = []
        self.lengths: list[float] = []
        self.shares: list[float] = []
        passed = 0.0
        for day in days_between(local_day(calendar, first), local_day(calendar, last)):
            spans = spans_of(calendar, day)
            whole = sum((closing - opening for opening, closing in spans), timedelta(0))
            for opening, closing in spans:
                share = (closing - opening) / whole
                self.starts.append(opening.timestamp())
                self.passed.append(passed)
                self.lengths.append((closing - opening).total_seconds())
                self.shares.append(share)
                passed += share

    def until(self, instant: datetime) -> float:
        """Business days before `instant`."""
        moment = instant.timestamp()
        at = bisect_right(self.starts, moment) - 1
        if at < 0:
            return 0.0
        return self.passed[at] + self.shares[at] * min((moment - self.starts[at]) / self.lengths[at], 1.0)

    def days_between(self, start: datetime, end: datetime) -> float:
        """What `business_days_between` says of a town's calendar, for two of many instants."""
        return self.until(end) - self.until(start)


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
