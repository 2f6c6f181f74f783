"""The arithmetic of an obligation: what it asks, when it is due, and what time brings to it; pure."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.jurisdictions.calendars import ONE_INSTANT, BusinessCalendar, last_day, midnight_after
from parvis.requests.parts.dates import Moment, day_text, gone_through, later, morning_of, next_after, still_news
from parvis_sdk.fields import AnyField, Date, OneOf
from parvis_sdk.obligations import Obligation
from parvis_sdk.text import Text

OPEN = ("open", "due", "overdue", "proved")
OVERTAKEN = {
    "due": ("soon",),
    "lapsed": ("soon",),
    "chased": ("soon",),
    "overdue": ("soon", "chased"),
}
"""What nobody needs to hear any more once this has come true."""


class ObligationState(Struct, frozen=True, kw_only=True):
    """One obligation of one request as it stands.

    `due_at` is the midnight after the day by which it is to be done; of what is met, after the last day of its proof.
    `sent` is the number of the entry with the last proof.
    """

    id: UUID
    code: str
    demand: Text
    proof: str
    state: str
    imposed_at: datetime
    due_at: datetime | None = None
    sent: int = 0
    woken_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_live(self) -> bool:
        """Whether time may still bring something to it."""
        return self.is_open or (self.state == "met" and self.due_at is not None)


def moments(owed: ObligationState, declared: Obligation, calendar: BusinessCalendar) -> tuple[Moment, ...]:
    """What time brings to it from where it stands, in order; some of it may be past."""
    # While the town looks at a proof nobody is pressed.
    if owed.due_at is None or owed.state in ("proved", "waived"):
        return ()
    last = last_day(calendar, owed.due_at)

    def morning(days: int, word: str) -> Moment:
        return Moment(at=morning_of(calendar, last + timedelta(days=days)), word=word)

    found: list[Moment] = []
    if owed.state in ("open", "met"):
        found += [morning(-days, "soon") for days in declared.reminders]
    if owed.state == "met":
        found.append(Moment(at=owed.due_at, word="lapsed"))
    if owed.state == "open":
        found.append(morning(0, "due"))
    if owed.state in ("open", "due"):
        over = midnight_after(calendar, last + timedelta(days=declared.grace))
        found.append(Moment(at=over, word="overdue"))
    if owed.state in ("open", "due", "overdue"):
        found += [morning(days, "chased") for days in declared.chasers if days]
    return tuple(sorted(found))


def next_moment(owed: ObligationState, declared: Obligation, calendar: BusinessCalendar) -> datetime | None:
    """When to look at it again."""
    return next_after(moments(owed, declared, calendar), owed.woken_at or owed.imposed_at)


def woken(
    owed: ObligationState, declared: Obligation, calendar: BusinessCalendar, now: datetime
) -> tuple[ObligationState, tuple[str, ...]]:
    """What it has become by now, and the words of what thereby came true; reminders of what is past are left out."""
    seen = owed.woken_at or owed.imposed_at
    became, words = gone_through(owed, seen, now, lambda one: moments(one, declared, calendar), _after)
    return structs.replace(became, woken_at=now), still_news(words, OVERTAKEN)


def _after(owed: ObligationState, word: str) -> tuple[ObligationState, tuple[str, ...]]:
    state = {"due": "due", "lapsed": "due", "overdue": "overdue"}.get(word, owed.state)
    return structs.replace(owed, state=state), (word,)


def standing_by(owed: ObligationState, declared: Obligation, calendar: BusinessCalendar, now: datetime) -> str:
    """The state of an obligation that is to be done (again), by its date alone."""
    if owed.due_at is None:
        return "open"
    last = last_day(calendar, owed.due_at)
    if now >= midnight_after(calendar, last + timedelta(days=declared.grace)):
        return "overdue"
    return "due" if now >= morning_of(calendar, last) else "open"


def proved_until(
    owed: ObligationState, declared: Obligation, calendar: BusinessCalendar, answers: Any
) -> datetime | None:
    """Until when a proof with these answers holds; None where it does not run out."""
    proof = declared.proof(owed.proof)
    said = answers.get(proof.lasts) if proof and proof.lasts else None
    return midnight_after(calendar, date.fromisoformat(said)) if said else None


def met_with(owed: ObligationState, until: datetime | None, now: datetime) -> ObligationState:
    """The same once its proof is accepted, which runs out at `until`; at once where that is past already."""
    seen = now if until is None or until > now else until - ONE_INSTANT
    return structs.replace(owed, state="met", due_at=until, woken_at=seen)


def due_day(declared: Obligation, today: date, answered: str | None) -> date | None:
    """By which day it is to be done, when it is imposed today."""
    if answered:
        return date.fromisoformat(answered)
    if declared.months or declared.days:
        return later(today, months=declared.months, days=declared.days)
    return None


def answer_text(field: AnyField | None, value: Any) -> Text:
    """One answer as it stands within the words of a demand."""
    if isinstance(field, Date):
        return day_text(date.fromisoformat(value))
    if isinstance(field, OneOf):
        labels = {option.code: option.label for option in field.options}
        return labels.get(value, Text(fr=str(value)))
    return Text(fr=str(value))
