"""The arithmetic of a validity: when it ends, when it may be renewed, and what time brings to it; pure."""

from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis.jurisdictions.calendars import BusinessCalendar, last_day, midnight_after
from parvis.requests.parts.dates import Moment, gone_through, later, midnight_before, morning_of, next_after, still_news
from parvis_sdk.validity import Validity

State = Literal["valid", "suspended", "revoked", "ended", "expired"]
HOLDING: tuple[State, ...] = ("valid", "suspended")
OVERTAKEN = {
    "expired": ("ending", "renewable"),
    "held_over": ("ending", "renewable"),
    "ending": ("renewable",),
}
"""What nobody needs to hear any more once this has come true."""


class ValidityState(Struct, frozen=True, kw_only=True):
    """One validity of one request as it stands; `until` is the first instant at which it holds no more.

    It may be renewed from `renewable_from` until before `renewable_until`. Everything that time brings to it has been
    seen to as far as `woken_at`.
    """

    id: UUID
    code: str
    state: State
    since: datetime
    until: datetime | None
    renewable_from: datetime | None = None
    renewable_until: datetime | None = None
    renewing_since: datetime | None = None
    renewals: int = 0
    suspended_until: datetime | None = None
    woken_at: datetime | None = None

    def facts(self, now: datetime) -> frozenset[str]:
        """The words of the facts that are true of it."""
        words: set[str] = {self.state}
        if self.renewing_since is not None:
            words.add("renewing")
        elif self.may_be_renewed(now):
            words.add("renewable")
        if self.is_held_over(now):
            words.add("held_over")
        return frozenset(words)

    def may_be_renewed(self, now: datetime) -> bool:
        """Whether a renewal may be asked for at this moment."""
        if self.state not in (*HOLDING, "expired") or self.renewable_from is None or self.renewable_until is None:
            return False
        return self.renewable_from <= now < self.renewable_until

    def as_of(self, now: datetime) -> "ValidityState":
        """The same once its last day is over, also where nobody has seen to it yet: its plugin may be away."""
        is_over = self.state in HOLDING and self.until is not None and self.until <= now
        return structs.replace(self, state="expired") if is_over and self.renewing_since is None else self

    def is_held_over(self, now: datetime) -> bool:
        """Whether it holds past its end, since its renewal is under way."""
        return self.state in HOLDING and self.until is not None and self.until <= now


def ending(held: ValidityState, validity: Validity, calendar: BusinessCalendar, last: date | None) -> ValidityState:
    """The same with this last day, and the window of its renewal around it."""
    if last is None:
        return structs.replace(held, until=None, renewable_from=None, renewable_until=None)
    until = midnight_after(calendar, last)
    rule = validity.renewal
    return structs.replace(
        held,
        until=until,
        renewable_from=midnight_before(calendar, last - timedelta(days=rule.opens)) if rule else None,
        renewable_until=midnight_after(calendar, last + timedelta(days=rule.grace)) if rule else None,
    )


def renewed_until(held: ValidityState, validity: Validity, calendar: BusinessCalendar, today: date) -> date | None:
    """The last day after a renewal made today, where the declaration says how long it is for."""
    rule = validity.renewal
    if rule is None or held.until is None:
        return None
    months, days = (rule.months, rule.days) if rule.months or rule.days else (validity.months, validity.days)
    if not (months or days):
        return None
    return later(last_day(calendar, held.until) if rule.extends == "end" else today, months=months, days=days)


def moments(held: ValidityState, validity: Validity, calendar: BusinessCalendar) -> tuple[Moment, ...]:
    """What time brings to it from where it stands, in order; some of it may be past."""
    found: list[Moment] = []
    if held.state == "suspended" and held.suspended_until is not None:
        found.append(Moment(at=held.suspended_until, word="suspension_over"))
    if held.until is not None and held.state in HOLDING:
        found += _before_the_end(held, validity, calendar, held.until)
    if held.until is not None and held.renewable_until is not None and held.state in (*HOLDING, "expired"):
        found.append(Moment(at=held.renewable_until, word="lapsed"))
    return tuple(sorted(found))


def _before_the_end(
    held: ValidityState, validity: Validity, calendar: BusinessCalendar, until: datetime
) -> list[Moment]:
    last, rule = last_day(calendar, until), validity.renewal
    if held.renewing_since is not None:  # who is renewing needs no reminder
        return [Moment(at=until, word="held_over" if rule and rule.holds else "expired")]
    found = [Moment(at=morning_of(calendar, last - timedelta(days=days)), word="ending") for days in validity.reminders]
    if rule is not None:
        found.append(Moment(at=morning_of(calendar, last - timedelta(days=rule.opens)), word="renewable"))
    return [*found, Moment(at=until, word="expired")]


def next_moment(held: ValidityState, validity: Validity, calendar: BusinessCalendar) -> datetime | None:
    """When to look at it again."""
    return next_after(moments(held, validity, calendar), held.woken_at or held.since)


def woken(
    held: ValidityState, validity: Validity, calendar: BusinessCalendar, now: datetime
) -> tuple[ValidityState, tuple[str, ...]]:
    """What it has become by now, and the words of what thereby came true; reminders of what is past are left out."""
    became, words = gone_through(
        held, held.woken_at or held.since, now, lambda one: moments(one, validity, calendar), _after
    )
    return structs.replace(became, woken_at=now), still_news(words, OVERTAKEN)


def _after(held: ValidityState, word: str) -> tuple[ValidityState, tuple[str, ...]]:
    match word:
        case "expired":
            return structs.replace(held, state="expired"), ("expired",)
        case "lapsed":
            came = ("expired", "lapsed") if held.state in HOLDING else ("lapsed",)
            return structs.replace(held, state="expired", renewing_since=None), came
        case "suspension_over":
            return structs.replace(held, suspended_until=None), ("suspension_over",)
    return held, (word,)
