"""A day on which somebody of the town wants to look at a request again, whatever else happens to it meanwhile."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis.jurisdictions.calendars import BusinessCalendar, is_business_day, next_business_day
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry, Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.quantities import day_shown
from parvis_sdk.text import Text

FOLLOW_UP, LOOKED_AT = "follow_up", "looked_at"
MOST_WORDS = 500
FARTHEST = timedelta(days=730)


async def look_again(
    host: Host, reference: str, day: date | None, why: str = "", *, actor: Actor, expected: int | None = None
) -> Record | Conflict:
    """Put the request among what is to be looked at again on that day, or (no day) take it from there.

    A day on which the town is closed becomes the next on which it is open. Conflicts only with another such day.
    """
    words = clean(why).strip()[:MOST_WORDS]

    async def plan(here: Situation) -> Change:
        then = open_day(here.town.calendar, day) if day is not None else None
        before = here.record.follow_up_at.isoformat() if here.record.follow_up_at else ""
        return Change(
            line=Line(
                kind=FOLLOW_UP if then else LOOKED_AT,
                audience="internal",
                body={"day": then.isoformat() if then else "", "before": {"follow_up_at": before}},
                personal={"words": words} if words else None,
            ),
            columns={"follow_up_at": morning(then, here.town.time_zone) if then else None},
        )

    return await change(host, reference, plan, actor=actor, expected=expected, against=(FOLLOW_UP, LOOKED_AT))


def open_day(calendar: BusinessCalendar, day: date) -> date:
    """That day, or the next on which the town is open."""
    return day if is_business_day(calendar, day) else next_business_day(calendar, day)


def morning(day: date, time_zone: str) -> datetime:
    """When it falls due: as that day of the town begins."""
    return datetime.combine(day, time(), ZoneInfo(time_zone))


def offered_days(calendar: BusinessCalendar, today: date) -> tuple[tuple[str, date], ...]:
    """Days that people mean most, by name: the next one of work, Monday, in two weeks, in a month."""
    monday = today + timedelta(days=7 - today.weekday())
    return (
        ("next", next_business_day(calendar, today)),
        ("monday", open_day(calendar, monday)),
        ("fortnight", open_day(calendar, today + timedelta(days=14))),
        ("month", open_day(calendar, today + timedelta(days=30))),
    )


def _values(entry: Entry) -> Mapping[str, Text | str]:
    day = entry.body.get("day", "")
    return {"day": day_shown(date.fromisoformat(day)) if day else ""}


WORDS = EntryWords(
    titles={
        "follow_up": Text(fr="À revoir\u00a0: {day}", en="To review: {day}"),
        "looked_at": Text(fr="Revue", en="Reviewed"),
    },
    values=_values,
)
