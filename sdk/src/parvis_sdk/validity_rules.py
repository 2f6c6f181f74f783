"""The rules of a validity: what moves make of it, when it ends, when it may be renewed, and what time brings to it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis_sdk.calendar_days import Anniversary, CalendarDay, next_of
from parvis_sdk.days import (
    ONE_INSTANT,
    Zoned,
    day_text,
    last_day,
    later,
    local_day,
    midnight_after,
    midnight_before,
    morning_of,
)
from parvis_sdk.moments import Moment, Occasion, gone_through, next_after, still_news
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied

NOT_NOW = Text(
    fr="«\u00a0{title}\u00a0» ne peut pas être renouvelé maintenant.", en="“{title}” cannot be renewed at this time."
)
FROM_WHEN = Text(
    fr="«\u00a0{title}\u00a0» peut être renouvelé à partir du {day}.", en="“{title}” may be renewed from {day} on."
)
TOO_LATE = Text(
    fr="«\u00a0{title}\u00a0» ne peut plus être renouvelé depuis le {day}. Il faut une nouvelle demande.",
    en="“{title}” could be renewed until {day}. A new application is needed.",
)
UNTIL_WHEN = Text(
    fr="La nouvelle échéance de «\u00a0{title}\u00a0» n’est pas dite.", en="The new end of “{title}” is not given."
)

State = Literal["valid", "suspended", "revoked", "ended", "expired"]
HOLDING: tuple[State, ...] = ("valid", "suspended")
OVERTAKEN = {
    "expired": ("ending", "renewable"),
    "held_over": ("ending", "renewable"),
    "ending": ("renewable",),
}
"""Facts that nobody needs to be told about any more once this one has come true."""


class ValidityState(Struct, frozen=True, kw_only=True):
    """One validity of one request; `until` is the first instant, in UTC, at which it is no longer in force.

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


def ending(held: ValidityState, validity: Validity, town: Zoned, last: date | None) -> ValidityState:
    """The same with this last day, and the window of its renewal around it."""
    if last is None:
        return structs.replace(held, until=None, renewable_from=None, renewable_until=None)
    until = midnight_after(town, last)
    rule = validity.renewal
    return structs.replace(
        held,
        until=until,
        renewable_from=midnight_before(town, last - timedelta(days=rule.opens)) if rule else None,
        renewable_until=midnight_after(town, last + timedelta(days=rule.grace)) if rule else None,
    )


def renewed_until(held: ValidityState, validity: Validity, occasion: Occasion) -> date | None:
    """The last day after a renewal on this occasion; None if no length is declared."""
    rule = validity.renewal
    if rule is None or held.until is None:
        return None
    before = last_day(occasion.town, held.until)
    begins = before if rule.extends == "end" else occasion.today
    months, days = (rule.months, rule.days) if rule.months or rule.days else (validity.months, validity.days)
    if months or days:
        return later(begins, months=months, days=days)
    if isinstance(validity.until, str):
        return _answered(occasion, validity.until)
    return _on_the_calendar(occasion, validity.until, max(begins, before) + timedelta(days=1))


def moments(held: ValidityState, validity: Validity, town: Zoned) -> tuple[Moment, ...]:
    """Its future events in order; some may already be past."""
    found: list[Moment] = []
    if held.state == "suspended" and held.suspended_until is not None:
        found.append(Moment(at=held.suspended_until, word="suspension_over"))
    if held.until is not None and held.state in HOLDING:
        found += _before_the_end(held, validity, town, held.until)
    if held.until is not None and held.renewable_until is not None and held.state in (*HOLDING, "expired"):
        found.append(Moment(at=held.renewable_until, word="lapsed"))
    return tuple(sorted(found))


def _before_the_end(held: ValidityState, validity: Validity, town: Zoned, until: datetime) -> list[Moment]:
    last, rule = last_day(town, until), validity.renewal
    if held.renewing_since is not None:  # who is renewing needs no reminder
        return [Moment(at=until, word="held_over" if rule and rule.holds else "expired")]
    found = [Moment(at=morning_of(town, last - timedelta(days=days)), word="ending") for days in validity.reminders]
    if rule is not None:
        found.append(Moment(at=morning_of(town, last - timedelta(days=rule.opens)), word="renewable"))
    return [*found, Moment(at=until, word="expired")]


def next_moment(held: ValidityState, validity: Validity, town: Zoned) -> datetime | None:
    """When to look at it again."""
    return next_after(moments(held, validity, town), held.woken_at or held.since)


def woken(held: ValidityState, validity: Validity, town: Zoned, now: datetime) -> tuple[ValidityState, tuple[str, ...]]:
    """The current state and the message fields of the facts that became true; past reminders are omitted."""
    became, words = gone_through(
        held, held.woken_at or held.since, now, lambda one: moments(one, validity, town), _after
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


def said_of(held: ValidityState, town: Zoned) -> dict[str, Text]:
    """What messages may say of it."""
    said = {}
    if held.until is not None:
        said["until"] = day_text(last_day(town, held.until))
    if held.renewable_until is not None:
        said["held_until"] = day_text(last_day(town, held.renewable_until))
    return said


def changed_by(
    occasion: Occasion, validity: Validity, held: ValidityState | None, word: str, *, id: UUID
) -> tuple[ValidityState, tuple[str, ...]] | Denied | None:
    """What a step that brings `word` about makes of a validity, and the words that thereby come true.

    None where it changes nothing. One that begins for the first time is known by `id`.
    """
    became = CHANGES[word](occasion, validity, held, id)
    if not isinstance(became, ValidityState):
        return became
    words = (word, "expired") if word == "renewal_dropped" and became.state == "expired" else (word,)
    return structs.replace(became, woken_at=_seen_to(became, held, occasion.at)), words


def _seen_to(became: ValidityState, held: ValidityState | None, now: datetime) -> datetime:
    """As far as what time brings is seen to; an end that is past and that nobody has seen comes true next."""
    if became.until is None or became.until > now:
        return now
    if held is not None and held.until == became.until and (held.woken_at or held.since) >= became.until:
        return now
    return became.until - ONE_INSTANT


Became = ValidityState | Denied | None


def _valid(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    """What was suspended and holds again keeps its end; what had ended begins anew."""
    if held is not None and held.state in HOLDING:
        return structs.replace(held, state="valid", suspended_until=None)
    new = ValidityState(id=held.id if held else id, code=validity.code, state="valid", since=occasion.at, until=None)
    return ending(new, validity, occasion.town, first_end(occasion, validity))


def first_end(occasion: Occasion, validity: Validity) -> date | None:
    """The last day of what begins on this occasion; None where it has no end."""
    if validity.months or validity.days:
        return later(occasion.today, months=validity.months, days=validity.days)
    if isinstance(validity.until, str):
        return _answered(occasion, validity.until, by_form=True)
    return _on_the_calendar(occasion, validity.until, occasion.today)


def _on_the_calendar(occasion: Occasion, until: CalendarDay, first: date) -> date | None:
    said = _answered(occasion, until.of, by_form=True) if isinstance(until, Anniversary) else None
    return next_of(until, first, said, occasion.seasons)


def _suspended(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    if held is None or held.state not in HOLDING:
        return None
    last = _answered(occasion, validity.suspended_until)
    over = midnight_after(occasion.town, last) if last else None
    return structs.replace(held, state="suspended", suspended_until=over)


def _revoked(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    return _over(held, "revoked")


def _ended(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    return _over(held, "ended")


def _over(held: ValidityState | None, state: State) -> ValidityState | None:
    if held is None or held.state not in (*HOLDING, "expired"):
        return None
    return structs.replace(held, state=state, renewing_since=None, suspended_until=None)


def _renewing(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    if refused := _not_renewable(occasion, validity, held):
        return refused
    return structs.replace(held, renewing_since=occasion.at) if held else None


def _renewed(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    if refused := _not_renewable(occasion, validity, held):
        return refused
    if held is None:
        return None
    last = renewed_until(held, validity, occasion)
    if last is None:
        return Denied(code="not_possible", reason=UNTIL_WHEN.format(title=validity.title))
    state: State = "suspended" if held.state == "suspended" else "valid"
    again = structs.replace(held, state=state, renewing_since=None, renewals=held.renewals + 1)
    return ending(again, validity, occasion.town, last)


def _renewal_dropped(occasion: Occasion, validity: Validity, held: ValidityState | None, id: UUID) -> Became:
    """What held past its end for the sake of the renewal alone ends with it."""
    if held is None or held.renewing_since is None:
        return None
    state: State = "expired" if held.is_held_over(occasion.at) else held.state
    return structs.replace(held, state=state, renewing_since=None)


def _not_renewable(occasion: Occasion, validity: Validity, held: ValidityState | None) -> Denied | None:
    now, town = occasion.at, occasion.town
    if held is None or held.renewable_from is None or held.renewable_until is None:
        return Denied(code="not_possible", reason=NOT_NOW.format(title=validity.title))
    if held.renewing_since is not None or held.may_be_renewed(now):
        return None
    if held.state not in (*HOLDING, "expired"):
        return Denied(code="not_possible", reason=NOT_NOW.format(title=validity.title))
    early = now < held.renewable_from
    day = local_day(town, held.renewable_from) if early else last_day(town, held.renewable_until)
    reason = (FROM_WHEN if early else TOO_LATE).format(title=validity.title, day=day_text(day))
    return Denied(code="not_possible", reason=reason)


def _answered(occasion: Occasion, code: str, *, by_form: bool = False) -> date | None:
    """A day answered to the step; `by_form` also to the form, or to a step before."""
    said: Any = occasion.given.get(code) or (occasion.answers.get(code) if by_form else None)
    return date.fromisoformat(said) if code and said else None


CHANGES: dict[str, Callable[[Occasion, Validity, ValidityState | None, UUID], Became]] = {
    "valid": _valid,
    "suspended": _suspended,
    "revoked": _revoked,
    "ended": _ended,
    "renewing": _renewing,
    "renewed": _renewed,
    "renewal_dropped": _renewal_dropped,
}
