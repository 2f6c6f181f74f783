"""Many moments laid on the business time of one town: how much open time lies before each."""

from bisect import bisect_left
from datetime import date, datetime, timedelta

from parvis.territory.calendars import BusinessCalendar, days_between, local_day, next_opening, spans_of

A_MICROSECOND = timedelta(microseconds=1)


class Ruler:
    """Made once for all days that are asked about; each answer is then a look into it."""

    def __init__(self, calendar: BusinessCalendar, first: datetime, last: datetime) -> None:
        self.calendar = calendar
        self._ends: list[timedelta] = []  # the open time up to the end of each business day
        self._days: dict[date, tuple[int, timedelta]] = {}  # of each day: business days before it, open time before it
        passed = timedelta(0)
        for day in days_between(local_day(calendar, first), local_day(calendar, last) + timedelta(days=1)):
            self._days[day] = (len(self._ends), passed)
            if spans := spans_of(calendar, day):
                passed += sum((closing - opening for opening, closing in spans), timedelta(0))
                self._ends.append(passed)

    def open_time(self, moment: datetime) -> timedelta:
        """The open time before a moment; a trace more where the town has closed by then."""
        day = local_day(self.calendar, moment)
        _, passed = self._days[day]
        for opening, closing in spans_of(self.calendar, day):
            if moment < opening:
                break
            if moment <= closing:
                return passed + (moment - opening)
            passed += closing - opening
        return passed + A_MICROSECOND

    def days_to(self, start: datetime, worked: timedelta) -> int:
        """How many business days a promise made at `start` must have so that it ends no sooner than `worked`."""
        begun, _ = self._days[local_day(self.calendar, next_opening(self.calendar, start))]
        return max(0, bisect_left(self._ends, worked) - begun)
