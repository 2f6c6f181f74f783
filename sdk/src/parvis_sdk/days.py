"""Days of a town: when one begins and is over, the same day months later, and how a day is written."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from parvis_sdk.text import Text

ONE_INSTANT = timedelta(microseconds=1)
MORNING = time(9)  # when people are reminded of a day: not in its first minute
MONTHS: tuple[tuple[str, str], ...] = (
    ("janvier", "January"),
    ("février", "February"),
    ("mars", "March"),
    ("avril", "April"),
    ("mai", "May"),
    ("juin", "June"),
    ("juillet", "July"),
    ("août", "August"),
    ("septembre", "September"),
    ("octobre", "October"),
    ("novembre", "November"),
    ("décembre", "December"),
)

WEEKDAYS: tuple[tuple[str, str], ...] = (
    ("lundi", "Monday"),
    ("mardi", "Tuesday"),
    ("mercredi", "Wednesday"),
    ("jeudi", "Thursday"),
    ("vendredi", "Friday"),
    ("samedi", "Saturday"),
    ("dimanche", "Sunday"),
)


class Zoned(Protocol):
    """An object with the business days of a town: its calendar, or the town itself."""

    @property
    def time_zone(self) -> str:
        """The name of the time zone, such as "America/Toronto"."""
        ...


def local_day(town: Zoned, instant: datetime) -> date:
    """The day that it is in the town at an instant."""
    if instant.tzinfo is None:
        raise ValueError("a time without time zone is no instant")
    return instant.astimezone(ZoneInfo(town.time_zone)).date()


def instant_at(town: Zoned, day: date, hour: time) -> datetime:
    """The instant, in UTC, of an hour on a day of the town."""
    return datetime.combine(day, hour, tzinfo=ZoneInfo(town.time_zone)).astimezone(UTC)


def midnight_before(town: Zoned, day: date) -> datetime:
    """The instant at which a day of the town begins."""
    return instant_at(town, day, time())


def midnight_after(town: Zoned, day: date) -> datetime:
    """The instant at which a day of the town is over."""
    return instant_at(town, day + timedelta(days=1), time())


def morning_of(town: Zoned, day: date) -> datetime:
    """The time of day at which people are told about something due on that day."""
    return instant_at(town, day, MORNING)


def last_day(town: Zoned, until: datetime) -> date:
    """The last day before an instant at which a day is over."""
    return local_day(town, until - ONE_INSTANT)


def later(day: date, *, months: int = 0, days: int = 0) -> date:
    """The same day so many months or days later; the last of its month where that month has no such day.

    >>> later(date(2027, 1, 31), months=1)
    datetime.date(2027, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1])) + timedelta(days=days)


def day_text(day: date) -> Text:
    """A day as messages and documents say it, in each language.

    >>> day_text(date(2026, 12, 1)).fr, day_text(date(2026, 12, 1)).en
    ('1er décembre 2026', 'December 1, 2026')
    """
    first = "1er" if day.day == 1 else str(day.day)
    french, english = MONTHS[day.month - 1]
    return Text(fr=f"{first} {french} {day.year}", en=f"{english} {day.day}, {day.year}")


def weekday_text(day: date) -> Text:
    """The same with the day of the week, for a day on which somebody comes.

    >>> weekday_text(date(2026, 6, 25)).en
    'Thursday, June 25, 2026'
    """
    said, (french, english) = day_text(day), WEEKDAYS[day.weekday()]
    return Text(fr=f"{french} {said.fr}", en=f"{english}, {said.en}")
