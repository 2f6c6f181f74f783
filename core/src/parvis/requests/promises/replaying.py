"""The clocks of a request told again from its history alone: the same years later, with every rest and its reason."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.requests.clocks.clocks import Clock, after_move, beginning, shown_of, started
from parvis.requests.history import Entry
from parvis.requests.levels.terms import Terms
from parvis.requests.promises.pausing import paused_by_hand, resumed_by_hand
from parvis.requests.promises.promising import rescheduled
from parvis.requests.promises.recounting import recounted
from parvis.requests.retyping import promised_by
from parvis_sdk.request_types import RequestType


class Rest(Struct, frozen=True, kw_only=True):
    """A time in which a clock did not run: since which entry of the history, until which."""

    code: str
    since: Entry
    until: Entry | None = None


class ClockReplay(Struct, frozen=True, kw_only=True):
    """Every clock as the history makes it, and every time at which one rested."""

    clocks: tuple[Clock, ...]
    rests: tuple[Rest, ...]


def replay(
    entries: Sequence[Entry], kinds: Mapping[int, RequestType], town: Jurisdiction, now: datetime
) -> ClockReplay:
    """A pure reading: `kinds` is the declaration under which each entry was written."""
    clocks: tuple[Clock, ...] = ()
    rests: list[Rest] = []
    answers: dict[str, object] = {}
    for entry in entries:
        answers = (entry.personal or {}).get("answers", answers)
        after = _after(entry, kinds[entry.number], answers, town, clocks)
        rests = _rested(rests, entry, clocks, after)
        clocks = after
    return ClockReplay(clocks=tuple(_as_of(each, now) for each in clocks), rests=tuple(rests))


def _after(
    entry: Entry, kind: RequestType, answers: Mapping[str, object], town: Jurisdiction, clocks: tuple[Clock, ...]
) -> tuple[Clock, ...]:
    body, at = entry.body, entry.at
    told = body.get("levels", {})
    terms = Terms(rules=town.service_levels, told=told)  # what was promised before entries said so, as it is today
    if entry.kind == "submitted":
        return started(kind, answers, town, at, terms)
    if "cause" in body:
        return tuple(recounted(each, kind, town, terms, at) if each.code in told else each for each in clocks)
    if entry.kind == "paused":
        return paused_by_hand(clocks, body["why"], at)
    if entry.kind == "resumed":
        return resumed_by_hand(clocks, body["waits"], town.calendar, at)
    if entry.kind == "promised":
        due_at = msgspec.convert(body["promised_at"], datetime)
        return tuple(rescheduled(each, due_at, at) if each.shown else each for each in clocks)
    if "declaration_before" in body:
        kept = tuple(after_move(each, kind.workflow.initial.phase, town.calendar, at) for each in clocks)
        if shown_of(kept) is None:
            return (*kept, *started(kind, answers, town, at, terms))
        return tuple(promised_by(each, kind, answers, town, terms, at) if told else each for each in kept)
    begun: set[str] = set(body.get("facts", ()))
    if "target" in body:
        state = kind.workflow.state(body["target"])
        clocks = tuple(after_move(each, state.phase, town.calendar, at) for each in clocks)
        begun |= {state.code, state.phase}
    elif entry.kind != "clocks":
        return clocks
    return (*clocks, *beginning(kind, answers, town, at, terms, begun=begun, known=clocks))


def _rested(rests: list[Rest], entry: Entry, before: Sequence[Clock], after: Sequence[Clock]) -> list[Rest]:
    was = {each.code: each.state == "paused" for each in before}
    now = {each.code: each.state == "paused" for each in after}
    ended = [
        structs.replace(rest, until=entry) if rest.until is None and not now.get(rest.code, False) else rest
        for rest in rests
    ]
    return ended + [Rest(code=code, since=entry) for code, rests_now in now.items() if rests_now and not was.get(code)]


def _as_of(clock: Clock, now: datetime) -> Clock:
    """A promise that nobody has kept is broken as soon as its time is over, although no entry says so."""
    return structs.replace(clock, state="missed") if clock.state == "running" and now > clock.due_at else clock


def same(left: Sequence[Clock], right: Sequence[Clock]) -> bool:
    """Whether two tellings of the clocks of one request agree in all but the keys of their rows."""
    return sorted(map(_comparable, left)) == sorted(map(_comparable, right))


def _comparable(clock: Clock) -> tuple[str, ...]:
    marks = (clock.code, clock.state, clock.shown, clock.started_at, clock.due_at, clock.paused_at, clock.ended_at)
    return tuple(map(str, marks))
