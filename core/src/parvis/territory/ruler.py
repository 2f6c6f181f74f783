"""Many moments laid on the business time of one town: how much open time lies before each."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from parvis.territory.calendars import BusinessCalendar, local_day, spans_of

A_MICROSECOND = timedelta(microseconds=1)


class Ruler:
    """Begins with a day and grows as far as it is asked; each answer is then a look into it."""

    def __init__(self, calendar: BusinessCalendar, first: datetime) -> None:
        self.calendar = calendar
        self._next = self._first = local_day(calendar, first)
        self._passed = timedelta(0)
        self._ends: list[timedelta] = []  # the open time up to the end of each business day
        self._days: dict[date, tuple[int, timedelta]] = {}  # of each day: business days before it, open time before it

    def open_time(self, moment: datetime) -> timedelta:
        """The open time since the first day; a trace more where the town has closed by then."""
        passed, open_then = self._laid(moment)
        return passed if open_then else passed + A_MICROSECOND

    def before(self, start: datetime) -> timedelta:
        """The open time before a beginning: from when the town is closed it counts from its next opening."""
        return self._laid(start)[0]

    def _laid(self, moment: datetime) -> tuple[timedelta, bool]:
        day = local_day(self.calendar, moment)
        if day < self._first:  # as of a clock that went back
            return timedelta(0), False
        _, passed = self._at(day)
        for opening, closing in spans_of(self.calendar, day):
            if moment < opening:
                break
            if moment <= closing:
                return passed + (moment - opening), True
            passed += closing - opening
        return passed, False

    def days_to(self, start: datetime, worked: timedelta) -> int:
        """How many business days a promise made at `start` must have so that it ends no sooner than `worked`."""
        day = local_day(self.calendar, start)
        begun, _ = self._at(day)
        spans = spans_of(self.calendar, day)
        if spans and start >= spans[-1][1]:  # what comes after closing counts as come on the next business day
            begun += 1
        return max(0, bisect_left(self._ends, worked) - begun)

    def days_needed(self, start: datetime, end: datetime, rests: Iterable[tuple[datetime, datetime | None]]) -> int:
        """How many business days a promise made at `start` must have had so that it was kept at `end`.

        Rests that were over by then do not count.
        """
        measure = self.open_time
        rested = [measure(until) - measure(since) for since, until in rests if until is not None and until <= end]
        return self.days_to(start, measure(end) - sum(rested, timedelta(0)))

    def _at(self, day: date) -> tuple[int, timedelta]:
        day = max(day, self._first)
        while self._next <= day:
            self._days[self._next] = (len(self._ends), self._passed)
            if spans := spans_of(self.calendar, self._next):
                self._passed += sum((closing - opening for opening, closing in spans), timedelta(0))
                self._ends.append(self._passed)
            self._next += timedelta(days=1)
        return self._days[day]
