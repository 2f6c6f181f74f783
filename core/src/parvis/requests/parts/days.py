"""Days of the town as instants, and as messages say them in each language."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from parvis.i18n import format_date, speaking
from parvis.territory.calendars import BusinessCalendar, local_day
from parvis_sdk.text import Text

MORNING = time(9)  # when people are reminded of a day: not in its first minute
ONE_INSTANT = timedelta(microseconds=1)


def midnight_after(calendar: BusinessCalendar, day: date) -> datetime:
    """The instant at which a day of the town is over."""
    return _at(calendar, day + timedelta(days=1), time())


def midnight_before(calendar: BusinessCalendar, day: date) -> datetime:
    """The instant at which a day of the town begins."""
    return _at(calendar, day, time())


def morning_of(calendar: BusinessCalendar, day: date) -> datetime:
    """When people are told on a day of something that this day brings."""
    return _at(calendar, day, MORNING)


def last_day(calendar: BusinessCalendar, until: datetime) -> date:
    """The last day before an instant at which a day is over."""
    return local_day(calendar, until - ONE_INSTANT)


def later(day: date, *, months: int = 0, days: int = 0) -> date:
    """The same day so many months or days later; the last of its month where that month has no such day."""
    return day + relativedelta(months=months, days=days)


def _at(calendar: BusinessCalendar, day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=ZoneInfo(calendar.time_zone)).astimezone(UTC)


def day_text(day: date) -> Text:
    """A day as a message says it, in each language."""
    return Text(fr=_said(day, "fr"), en=_said(day, "en"))


def _said(day: date, language: str) -> str:
    with speaking(language):
        return format_date(day)
