"""Days and moments of parts: instants of the town, each with the word of a fact that it brings."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TypeVar

from dateutil.relativedelta import relativedelta
from msgspec import Struct

from parvis.i18n import format_date, speaking
from parvis.jurisdictions.calendars import BusinessCalendar, instant_at
from parvis_sdk.text import Text

Thing = TypeVar("Thing")


class Moment(Struct, frozen=True, kw_only=True, order=True):
    """When time brings a fact about, and its word."""

    at: datetime
    word: str


def gone_through(
    thing: Thing,
    seen: datetime,
    now: datetime,
    ahead: Callable[[Thing], tuple[Moment, ...]],
    after: Callable[[Thing, str], tuple[Thing, tuple[str, ...]]],
) -> tuple[Thing, tuple[str, ...]]:
    """What a thing has become between the moment up to which it was seen to and now, and what came true, in order.

    `ahead` tells its moments from where it stands, `after` what one of them makes of it. After a pause of the workers
    several may have passed: each is gone through in its turn.
    """
    words: list[str] = []
    while (at := next_after(ahead(thing), seen)) is not None and at <= now:
        for word in [each.word for each in ahead(thing) if each.at == at]:
            thing, came = after(thing, word)
            words += came
        seen = at
    return thing, tuple(words)


def next_after(ahead: tuple[Moment, ...], seen: datetime) -> datetime | None:
    """The first of these moments that was not seen to."""
    return min((each.at for each in ahead if each.at > seen), default=None)


def still_news(words: tuple[str, ...], overtaken: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The same without what nobody needs to hear any more once something later has come true, each once."""
    gone = {old for word in words for old in overtaken.get(word, ())}
    return tuple(word for word in dict.fromkeys(words) if word not in gone)


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
