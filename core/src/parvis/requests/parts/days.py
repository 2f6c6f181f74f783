"""Days of the town as instants, and as messages say them in each language."""

from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta

from parvis.i18n import format_date, speaking
from parvis.jurisdictions.calendars import BusinessCalendar, instant_at
from parvis_sdk.text import Text

MORNING = time(9)  # when people are reminded of a day: not in its first minute


def midnight_before(calendar: BusinessCalendar, day: date) -> datetime:
    """The instant at which a day of the town begins."""
    return instant_at(calendar, day, time())


def morning_of(calendar: BusinessCalendar, day: date) -> datetime:
    """When people are told on a day of something that this day brings."""
    return instant_at(calendar, day, MORNING)


def later(day: date, *, months: int = 0, days: int = 0) -> date:
    """The same day so many months or days later; the last of its month where that month has no such day."""
    return day + relativedelta(months=months, days=days)


def day_text(day: date) -> Text:
    """A day as a message says it, in each language."""
    return Text(fr=_said(day, "fr"), en=_said(day, "en"))


def _said(day: date, language: str) -> str:
    with speaking(language):
        return format_date(day)
