"""Business time: when a town is open, and when a promise counted in its days or hours falls due.

Every instant is aware; answers are in UTC. Opening hours are wall-clock times of the town, so a day with a
change of hour is an hour shorter or longer where it should be, and nowhere else.
"""

import re
import sys
from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec

from parvis.jurisdictions.reading import Table
from parvis_sdk import days as sdk_days
from parvis_sdk.text import Text

YearDay = tuple[int, int]  # month and day
ONE_INSTANT = sdk_days.ONE_INSTANT
Hours = tuple[tuple[int, int], ...]  # spans of one day in minutes since midnight, e.g. ((510, 990),)
OFFICE: Hours = ((8 * 60 + 30, 16 * 60 + 30),)
HORIZON = 3 * 366  # a town that does not open for three years has no calendar


class ClosedDays(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which the town is closed besides holidays: once (`first` to `last`) or every year (`month`, `day`)."""

    name: str = ""
    name_en: str = ""
    first: date | None = None
    last: date | None = None
    every_year: tuple[tuple[int, int], ...] = ()

    def days(self, year: int) -> Iterator[date]:
        if self.first and self.last:
            yield from (day for day in days_between(self.first, self.last) if day.year == year)
        for month, day in self.every_year:
            if (month, day) != (2, 29) or isleap(year):
                yield date(year, month, day)


class BusinessCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """When a town works. `weekly` has seven entries, Monday first; an empty one is a closed day."""

    time_zone: str = "America/Toronto"
    weekly: tuple[Hours, ...] = (OFFICE,) * 5 + ((), ())
    holidays: Literal["quebec", "none"] = "quebec"
    construction_holiday: bool = False
    closings: tuple[ClosedDays, ...] = ()
    open_anyway: frozenset[date] = frozenset()


local_day, instant_at = sdk_days.local_day, sdk_days.instant_at
midnight_after, last_day = sdk_days.midnight_after, sdk_days.last_day
"""The days of a town as the sdk counts them: a plugin and its tests count the same."""


def add_business_days(calendar: BusinessCalendar, start: datetime, days: int) -> datetime:
    """Closing time of the n-th business day after the day `start` counts for.

    What arrives after closing, or on a closed day, counts as arrived on the next business day.
    """
    if days < 0:
        raise ValueError("business days are counted forward")
    day = local_day(calendar, next_opening(calendar, start))
    for _ in range(days):
        day = next_business_day(calendar, day)
    return spans_of(calendar, day)[-1][1]


def add_business_time(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> datetime:
    """The instant at which `amount` of open time has passed since `start`."""
    if amount < timedelta(0):
        raise ValueError("business time is counted forward")
    start = aware(start)
    if not amount:
        return start
    for opening, closing in spans_from(calendar, start):
        begun = max(opening, start)
        if closing - begun >= amount:
            return begun + amount
        amount -= closing - begun
    raise AssertionError("spans_from never ends")


def business_time_between(calendar: BusinessCalendar, a: datetime, b: datetime) -> timedelta:
    """The open time from `a` to `b`; negative when `b` comes first."""
    a, b = aware(a), aware(b)
    if b < a:
        return -business_time_between(calendar, b, a)
    passed = timedelta(0)
    for day in days_between(local_day(calendar, a), local_day(calendar, b)):
        for opening, closing in spans_of(calendar, day):
            passed += max(timedelta(0), min(closing, b) - max(opening, a))
    return passed


def business_days_between(calendar: BusinessCalendar, a: datetime, b: datetime) -> float:
    """The business days from `a` to a later `b`, each counted by how much of its opening hours lies between them.

    A short Friday is a day as Monday is one: what is promised for the next day takes between one day and two.
    """
    a, b = aware(a), aware(b)
    passed = 0.0
    for day in days_between(local_day(calendar, a), local_day(calendar, b)):
        if spans := spans_of(calendar, day):
            inside = sum((max(timedelta(0), min(end, b) - max(start, a)) for start, end in spans), timedelta(0))
            passed += inside / sum((end - start for start, end in spans), timedelta(0))
    return passed


def is_open(calendar: BusinessCalendar, instant: datetime) -> bool:
    instant = aware(instant)
    return any(opening <= instant < closing for opening, closing in spans_of(calendar, local_day(calendar, instant)))


def next_opening(calendar: BusinessCalendar, instant: datetime) -> datetime:
    """The instant itself when the town is open, else the moment it opens."""
    return max(next(spans_from(calendar, instant))[0], aware(instant))


def is_business_day(calendar: BusinessCalendar, day: date) -> bool:
    return bool(spans_of(calendar, day))


def closed_days(calendar: BusinessCalendar, year: int) -> dict[date, Text]:
    """Holidays and closings of a year in order of date, with their names."""
    days: dict[date, Text] = {}
    if calendar.construction_holiday:
        days.update(dict.fromkeys(construction_holiday(year), CONSTRUCTION))
    for closing in calendar.closings:
        name = Text(fr=closing.name, en=closing.name_en)
        days.update(dict.fromkeys(closing.days(year), name))
    if calendar.holidays == "quebec":
        days.update(quebec_holidays(year))
    return {day: days[day] for day in sorted(days) if day not in calendar.open_anyway}


def spans_from(calendar: BusinessCalendar, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The open spans that end after `start`, in order, without end."""
    start = aware(start)
    day, idle = local_day(calendar, start), 0
    while True:
        spans = [span for span in spans_of(calendar, day) if span[1] > start]
        yield from spans
        day, idle = day + timedelta(days=1), 0 if spans else idle + 1
        if idle > HORIZON:
            raise ValueError("this calendar has no opening hours")


def next_business_day(calendar: BusinessCalendar, day: date) -> date:
    for _ in range(HORIZON):
        day += timedelta(days=1)
        if spans_of(calendar, day):
            return day
    raise ValueError("this calendar has no opening hours")


def business_days_before(calendar: BusinessCalendar, day: date, days: int) -> date:
    """The n-th business day before a day."""
    for _ in range(days):
        for _ in range(HORIZON):
            day -= timedelta(days=1)
            if spans_of(calendar, day):
                break
        else:
            raise ValueError("this calendar has no opening hours")
    return day


@lru_cache(maxsize=4096)
def spans_of(calendar: BusinessCalendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The open spans of one local day, in UTC."""
    if day in closed_in(calendar, day.year):
        return ()
    zone = ZoneInfo(calendar.time_zone)
    spans: list[tuple[datetime, datetime]] = []
    for start, end in calendar.weekly[day.weekday()]:
        opening, closing = instant_of(day, start, zone), instant_of(day, end, zone)
        if spans:  # two spans may touch or cross in the hour that a change of hour skips
            opening = max(opening, spans[-1][1])
        if opening < closing:
            spans.append((opening, closing))
    return tuple(spans)


@lru_cache(maxsize=256)
def closed_in(calendar: BusinessCalendar, year: int) -> frozenset[date]:
    return frozenset(closed_days(calendar, year))


def instant_of(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    days, minute = divmod(minutes, 24 * 60)
    day += timedelta(days=days)
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)


def days_between(first: date, last: date) -> Iterator[date]:
    yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("a time without time zone cannot be placed in business time")
    return instant.astimezone(UTC)


CONSTRUCTION = Text(fr="Vacances de la construction", en="Construction holiday")


def construction_holiday(year: int) -> Iterator[date]:
    """The two weeks that begin on the second last Sunday of July."""
    last_sunday = date(year, 7, 31) - timedelta(days=(date(year, 7, 31).weekday() + 1) % 7)
    first = last_sunday - timedelta(days=7)
    yield from days_between(first, first + timedelta(days=13))


@lru_cache(maxsize=64)
def quebec_holidays(year: int) -> dict[date, Text]:
    """Statutory holidays of Québec; the town adds and removes its own days."""
    canada = _canada()
    french = canada(subdiv="QC", years=year, language="fr")
    english = canada(subdiv="QC", years=year, language="en_CA")
    return {day: Text(fr=name, en=str(english.get(day, ""))) for day, name in french.items()}


@cache
def _canada() -> type[Any]:
    """The days of one country, when days are first counted.

    Its package would read those of two hundred others before it, eight megabytes of them: for this import alone another
    package stands in its place. A version of which that is not enough is read whole.
    """
    import holidays

    package = "holidays.countries"
    others = sys.modules.get(package)
    if others is None:
        stands_in = ModuleType(package)
        stands_in.__path__ = [str(Path(holidays.__path__[0]) / "countries")]
        sys.modules[package] = stands_in
    try:
        return import_module(f"{package}.canada").Canada  # type: ignore[no-any-return]
    except ImportError:
        if others is not None:
            raise
    finally:
        if others is None:
            del sys.modules[package]
    return import_module(f"{package}.canada").Canada  # type: ignore[no-any-return]


def within_year(day: date, first: YearDay, last: YearDay) -> bool:
    """Whether a day lies between two days of the year, both included; the span may go over New Year's Day."""
    here = (day.month, day.day)
    return first <= here <= last if first <= last else here >= first or here <= last


def span_around(day: date, first: YearDay, last: YearDay) -> tuple[date, date]:
    """The first and the last day of the part of the year in which a day lies, else of the next one.

    In a year without 29 February, what begins with it begins on 1 March, what ends with it ends on the 28th, and what
    is that day alone is left out.
    """
    for year in range(day.year - 1, day.year + 9):  # around 2100, eight years go by without that day
        begins = _in_year(year, first, (3, 1))
        ends = _in_year(year if first <= last else year + 1, last, (2, 28))
        if day <= ends and begins <= ends:
            return begins, ends
    raise ValueError(f"no day from {first} to {last}")


def _in_year(year: int, day: YearDay, instead: YearDay) -> date:
    return date(year, *(instead if day == (2, 29) and not isleap(year) else day))


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
        return passed if open_then else passed + ONE_INSTANT

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


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")
EVERY_YEAR = re.compile(r"(\d{2})-(\d{2})")
LONGEST = 366


def read_calendar(table: Table, time_zone: str) -> BusinessCalendar:
    hours = table.table("hours")
    weekly = tuple(
        read_hours(hours, weekday, OFFICE if "hours" not in table.values and number < 5 else ())
        for number, weekday in enumerate(WEEKDAYS)
    )
    hours.close()
    if not any(weekly):
        if not hours.faulty:
            table.wrong("hours", "is never open", 'give at least one day hours, such as monday = "08:30-16:30"')
        weekly = (OFFICE,) * 5 + ((), ())
    calendar = BusinessCalendar(
        time_zone=time_zone,
        weekly=weekly,
        holidays="quebec" if table.choice("holidays", ("quebec", "none"), "quebec") == "quebec" else "none",
        construction_holiday=table.yes("construction_holiday", False),
        closings=tuple(closing for entry in table.tables("closed") if (closing := read_closing(entry))),
        open_anyway=frozenset(read_dates(table, "open_anyway")),
    )
    table.close()
    return calendar


def read_hours(table: Table, weekday: str, default: Hours) -> Hours:
    """`"08:30-12:00, 13:00-16:30"`, or `""` for a closed day."""
    written = table.string(weekday)
    if weekday not in table.values:
        return default
    spans: list[tuple[int, int]] = []
    for part in filter(None, (part.strip() for part in written.split(","))):
        match = SPAN.fullmatch(part)
        start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])) if match else (0, 0)
        if not start < end <= 24 * 60 or (spans and start < spans[-1][1]):
            table.wrong(
                weekday, f"'{part}' is not a span of opening hours", 'write "08:30-12:00, 13:00-16:30", in order'
            )
        else:
            spans.append((start, end))
    return tuple(spans)


def read_closing(table: Table) -> ClosedDays | None:
    """`{ date = 2026-12-24 }`, `{ from = 2026-12-24, to = 2027-01-02 }` or `{ every_year = ["12-24", "12-31"] }`."""
    name = table.text("name")
    day, first, last = (read_date(table, key) for key in ("date", "from", "to"))
    every_year = tuple(read_yearly(table))
    table.close()
    first, last = first or day, last or day or first
    if not every_year and not first:
        if not table.faulty:
            table.wrong("", "has no date", "add date, from and to, or every_year")
        return None
    if first and last and not first <= last <= first + timedelta(days=LONGEST):
        table.wrong("to", f"{last} does not follow {first} within a year", "correct the dates")
        return None
    return ClosedDays(name=name.fr, name_en=name.en, first=first, last=last, every_year=every_year)


def read_span_of_year(table: Table, name: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """`["11-15", "04-01"]`: the first and the last day of a part of every year."""
    days = read_yearly(table, name)
    if name in table.values and len(days) != 2:
        if not table.faulty:
            table.wrong(name, "is not a part of the year", 'write its first and its last day: ["11-15", "04-01"]')
        return None
    return (days[0], days[1]) if days else None


def read_yearly(table: Table, name: str = "every_year") -> list[tuple[int, int]]:
    days = []
    for written in table.strings(name):
        match = EVERY_YEAR.fullmatch(written)
        try:
            day = date(2024, int(match[1]), int(match[2])) if match else None
        except ValueError:
            day = None
        if day is None:
            table.wrong(name, f"'{written}' is not a day of the year", 'write month and day, such as "12-24"')
        else:
            days.append((day.month, day.day))
    return days


def read_date(table: Table, name: str) -> date | None:
    value = table.take(name, date, "a date like 2026-12-24, without quotes")
    if isinstance(value, datetime):
        table.wrong(name, f"{value} has an hour", "write the date alone, like 2026-12-24")
    return value if type(value) is date else None


def read_dates(table: Table, name: str) -> list[date]:
    values = table.take(name, list, "a list of dates like [2026-04-06]") or []
    for value in values:
        if type(value) is not date:
            table.wrong(name, f"{value!r} is not a date", "write dates like 2026-04-06, without quotes")
    return [value for value in values if type(value) is date]


def read_time_zone(table: Table) -> str:
    name = table.string("time_zone", "America/Toronto")
    if name not in available_timezones():
        table.wrong("time_zone", f"'{name}' is not a time zone", 'write one like "America/Toronto"')
        return "America/Toronto"
    return name


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
    """The value below which this share of them lies, between neighbours where it falls between; None of nothing."""
    if not values:
        return None
    ordered, place = sorted(values), share * (len(values) - 1)
    low, high = ordered[int(place)], ordered[min(int(place) + 1, len(ordered) - 1)]
    return low + (high - low) * (place % 1)
