"""When a visit can be made: a day on which the town is open, and the morning, the afternoon or hours of it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis.i18n import format_time, speaking
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import BusinessCalendar, is_business_day, local_day, next_business_day, spans_of
from parvis_sdk.days import weekday_text
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

MORNING, AFTERNOON = "morning", "afternoon"
HOURS = re.compile(r"(\d{1,2})[:h](\d{2})-(\d{1,2})[:h](\d{2})")
NOON = time(12)
FURTHEST = timedelta(days=400)
LONGEST = timedelta(hours=12)
DAY = Text(fr="Choisissez un jour.", en="Choose a day.")
PAST = Text(fr="Choisissez une date à venir.", en="Choose a future date.")
FAR = Text(fr="Cette date est trop éloignée.", en="This date is too far away.")
CLOSED = Text(
    fr="La Ville est fermée le {day}. Le prochain jour ouvrable est le {next}.",
    en="The town is closed on {day}. The next business day is {next}.",
)
NO_SLOT = Text(
    fr="Choisissez l’avant-midi, l’après-midi ou des heures, par exemple\u00a0: 09:30-11:00.",
    en="Choose the morning, the afternoon or hours, for example: 09:30-11:00.",
)
SHUT_THEN = Text(
    fr="La Ville n’est pas ouverte à ce moment du {day}.", en="The town is not open at that time on {day}."
)
MORNINGS = Text(fr="en avant-midi, de {start} à {end}", en="in the morning, from {start} to {end}")
AFTERNOONS = Text(fr="en après-midi, de {start} à {end}", en="in the afternoon, from {start} to {end}")
BETWEEN = Text(fr="entre {start} et {end}", en="between {start} and {end}")


class Slot(Struct, frozen=True, kw_only=True):
    """One time at which a visit is made; `part` is "morning", "afternoon" or hours ("09:30-11:00")."""

    day: date
    part: str
    starts_at: datetime
    ends_at: datetime


def read_slot(town: Jurisdiction, raw: dict[str, Any], now: datetime, path: str = "") -> Slot | Problems:
    """The time under `day` and `slot` (or `from` and `to`) as sent, in the calendar of the town."""
    day = _day(raw.get("day"))
    calendar, today = town.calendar, local_day(town.calendar, now)
    if day is None:
        return _wrong(path, "day", DAY)
    if day < today:
        return _wrong(path, "day", PAST)
    if day > today + FURTHEST:
        return _wrong(path, "day", FAR)
    if not is_business_day(calendar, day):
        following = weekday_text(next_business_day(calendar, day))
        return _wrong(path, "day", CLOSED.format(day=weekday_text(day), next=following))
    part = _part(raw)
    if not part:
        return _wrong(path, "slot", NO_SLOT)
    span = span_of(calendar, day, part)
    if span is None:
        return _wrong(path, "slot", SHUT_THEN.format(day=weekday_text(day)))
    return Slot(day=day, part=part, starts_at=span[0], ends_at=span[1])


def span_of(calendar: BusinessCalendar, day: date, part: str) -> tuple[datetime, datetime] | None:
    """From when to when a part of a day lasts; None when the town is closed then, or hours make no sense."""
    spans, zone = spans_of(calendar, day), ZoneInfo(calendar.time_zone)
    if not spans:
        return None
    noon = datetime.combine(day, NOON, tzinfo=zone).astimezone(UTC)
    if part == MORNING:
        start, end = spans[0][0], min(noon, spans[-1][1])
    elif part == AFTERNOON:
        start, end = max(noon, spans[0][0]), spans[-1][1]
    else:
        start, end = (datetime.combine(day, each, tzinfo=zone).astimezone(UTC) for each in _hours(part))
        if end - start > LONGEST:
            return None
    return (start, end) if start < end else None


def slot_words(part: str, starts_at: datetime, ends_at: datetime, time_zone: str) -> Text:
    """The part of the day as a person would say it."""
    words = {MORNING: MORNINGS, AFTERNOON: AFTERNOONS}.get(part, BETWEEN)

    def said(language: str) -> str:
        with speaking(language, time_zone):
            return words.format(start=format_time(starts_at), end=format_time(ends_at)).to(language)

    return Text(fr=said("fr"), en=said("en"))


def _day(raw: Any) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) and len(raw) == 10 else None
    except ValueError:
        return None


def _part(raw: dict[str, Any]) -> str:
    given = raw.get("slot")
    if given in (MORNING, AFTERNOON):
        return str(given)
    if raw.get("from") and raw.get("to"):
        given = f"{raw['from']}-{raw['to']}"
    found = HOURS.fullmatch(given) if isinstance(given, str) else None
    if found is None or any(int(found[hour]) > 23 or int(found[hour + 1]) > 59 for hour in (1, 3)):
        return ""
    return f"{int(found[1]):02}:{found[2]}-{int(found[3]):02}:{found[4]}"


def _hours(part: str) -> tuple[time, time]:
    start, end = part.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def _wrong(path: str, name: str, message: Text) -> Problems:
    return Problems(found=(Problem(path=f"{path}{name}", code="slot", message=message),))
