"""Clocks: promises in time that run, rest while the town waits or says that it must, and are met or missed."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis.db import insert_values
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import BusinessCalendar, add_business_days, add_business_time, business_time_between
from parvis.requests.host import Host
from parvis.requests.levels import Because, Terms, as_told, target_time_of
from parvis.requests.records import as_json
from parvis_sdk.conditions import holds
from parvis_sdk.request_types import RequestType, ServiceLevel
from parvis_sdk.requests import Phase

ClockState = Literal["running", "paused", "met", "missed"]
REACHED: dict[str, tuple[Phase, ...]] = {
    "in_progress": (Phase.IN_PROGRESS, Phase.WAITING_FOR_YOU, Phase.DECIDED, Phase.CLOSED),
    "decided": (Phase.DECIDED, Phase.CLOSED),
    "closed": (Phase.CLOSED,),
}


class Span(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A time in which a clock rested, or has been resting since; `why` where somebody of the town stopped it."""

    since: datetime
    until: datetime | None = None
    why: str = ""


class Clock(Struct, frozen=True, kw_only=True):
    """One promise of one request. `shown` marks the one told to the resident; `rests` are of its present run.

    `step` is how far it was raised among the town's people, and `next_at` when it is raised further.
    """

    id: UUID
    code: str
    state: ClockState
    shown: bool
    until: str
    allowance: ServiceLevel
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    because: Because = Because()
    rests: tuple[Span, ...] = ()
    step: int = 0
    next_at: datetime | None = None

    @property
    def held(self) -> str:
        """Why somebody of the town has stopped it; nothing where nobody has, or where it ran on since."""
        return self.rests[-1].why if self.state == "paused" and self.rests else ""


IN_JSON: dict[str, Any] = {"allowance": ServiceLevel, "because": Because, "rests": tuple[Span, ...]}


def started(
    request_type: RequestType, answers: Mapping[str, Any], town: Jurisdiction, now: datetime, terms: Terms
) -> tuple[Clock, ...]:
    """The clocks that begin when a request comes in: for each thing promised, the first service level that holds.

    What the first state of the workflow already fulfils is met at once.
    """
    initial = request_type.workflow.initial
    begun = beginning(request_type, answers, town, now, terms, begun={"", initial.code, initial.phase})
    return tuple(after_move(clock, initial.phase, town.calendar, now) for clock in begun)


def beginning(
    request_type: RequestType,
    answers: Mapping[str, Any],
    town: Jurisdiction,
    now: datetime,
    terms: Terms,
    *,
    begun: Collection[str],
    known: Collection[Clock] = (),
) -> tuple[Clock, ...]:
    """The clocks that begin with what has just `begun` (a state, its phase, facts), beside those that are `known`."""
    promise = request_type.promise(answers)
    there = {(each.allowance.until, each.allowance.since) for each in known}
    chosen: dict[tuple[str, str], ServiceLevel] = {}
    for level in request_type.service_levels:
        alike = (level.until, level.since)
        holding = level.when is None or holds(level.when, answers)
        if level.since in begun and alike not in there and alike not in chosen and holding:
            chosen[alike] = level
    told = any(each.shown for each in known)
    return tuple(
        _start(
            *target_time_of(level, request_type.code, town, terms, now),
            town.calendar,
            now,
            shown=level is promise and not told,
        )
        for level in chosen.values()
    )


def _start(level: ServiceLevel, because: Because, calendar: BusinessCalendar, now: datetime, *, shown: bool) -> Clock:
    return Clock(
        id=new_id(),
        code=level.code,
        state="running",
        shown=shown,
        until=level.until,
        allowance=level,
        because=because,
        started_at=now,
        due_at=due(level, calendar, now),
    )


def due(level: ServiceLevel, calendar: BusinessCalendar, start: datetime) -> datetime:
    """When a promise made at `start` falls due."""
    if level.business_days:
        return add_business_days(calendar, start, level.business_days)
    if level.business_hours:
        return add_business_time(calendar, start, timedelta(hours=level.business_hours))
    return start + timedelta(hours=level.hours)


def after_move(clock: Clock, phase: Phase, calendar: BusinessCalendar, now: datetime) -> Clock:
    """The clock once a request has come into `phase`: met, missed, paused, resumed or as it was.

    A promise already broken stays broken, also when nobody has marked it yet; a met one runs again from the start when
    the request is reopened.
    """
    reached = phase in REACHED[clock.until]
    if clock.state == "running" and now > clock.due_at:
        clock = structs.replace(clock, state="missed")
    match clock.state:
        case "missed":
            return structs.replace(clock, ended_at=now) if reached and clock.ended_at is None else clock
        case "met":
            return clock if reached else _run_anew(clock, calendar, now)
        case _ if reached:
            return structs.replace(clock, state="met", ended_at=now, rests=_ended(clock, now))
        case "running" if phase is Phase.WAITING_FOR_YOU and clock.allowance.pauses:
            return resting(clock, now)
        case "paused" if phase is not Phase.WAITING_FOR_YOU and not clock.held:
            return running_again(clock, calendar, now)
    return clock


def resting(clock: Clock, now: datetime, why: str = "") -> Clock:
    """A running clock that stops."""
    return structs.replace(clock, state="paused", paused_at=now, rests=(*clock.rests, Span(since=now, why=why)))


def running_again(clock: Clock, calendar: BusinessCalendar, now: datetime) -> Clock:
    """A resting clock that runs on, with what was left of its time."""
    due_at = _moved_on(clock.allowance, clock.due_at, clock.paused_at or now, calendar, now)
    return structs.replace(clock, state="running", paused_at=None, due_at=due_at, rests=_ended(clock, now))


def _ended(clock: Clock, now: datetime) -> tuple[Span, ...]:
    return tuple(span if span.until else structs.replace(span, until=now) for span in clock.rests)


def counted(clock: Clock, level: ServiceLevel, calendar: BusinessCalendar, since: datetime) -> datetime:
    """When a clock counted from `since` falls due under that level, having rested when this one has."""
    due_at = due(level, calendar, since)
    for span in clock.rests:
        if span.until is not None and span.since >= since:
            due_at = _moved_on(level, due_at, span.since, calendar, span.until)
    return due_at


def under(clock: Clock, level: ServiceLevel, because: Because, calendar: BusinessCalendar, now: datetime) -> Clock:
    """The clock under another level: counted anew from its beginning; where that would be over already, from now.

    A promise that is kept or broken stays as it is, and so does a date that somebody of the town has set by hand.
    """
    if clock.state not in ("running", "paused") or (clock.state == "running" and now > clock.due_at):
        return clock
    since = clock.because.since or clock.started_at
    by_hand = clock.due_at != counted(clock, clock.allowance, calendar, since)
    stands_at = clock.paused_at or now
    due_at = clock.due_at if by_hand else counted(clock, level, calendar, clock.started_at)
    if due_at <= stands_at:
        due_at, because = due(level, calendar, stands_at), structs.replace(because, since=stands_at)
    return structs.replace(clock, code=level.code, until=level.until, allowance=level, because=because, due_at=due_at)


def _run_anew(clock: Clock, calendar: BusinessCalendar, now: datetime) -> Clock:
    due_at = due(clock.allowance, calendar, now)
    return structs.replace(
        clock, state="running", started_at=now, due_at=due_at, ended_at=None, paused_at=None, rests=()
    )


def _moved_on(
    level: ServiceLevel, due_at: datetime, paused_at: datetime, calendar: BusinessCalendar, now: datetime
) -> datetime:
    if paused_at >= due_at:
        return due_at
    if level.hours:
        return due_at + (now - paused_at)
    left = business_time_between(calendar, paused_at, due_at)
    return add_business_time(calendar, now, left)


def shown_of(clocks: tuple[Clock, ...]) -> Clock | None:
    """The promise that the resident sees."""
    return next((clock for clock in clocks if clock.shown), None)


async def clocks_of(request: UUID) -> tuple[Clock, ...]:
    """All clocks of a request."""
    rows = await ClockRow.select().where(ClockRow.request == request).order_by(ClockRow.id)
    return tuple(clock_of(row) for row in rows)


def noted(before: Collection[Clock], after: Collection[Clock]) -> dict[str, Any]:
    """What an entry of the history says of the clocks that have changed, so that it can be told years later."""
    was = {each.code: each for each in before}
    changed = [each for each in after if was.get(each.code) != each]
    said = {each.code: {"state": each.state, "due_at": each.due_at.isoformat()} for each in changed}
    return {"clocks": said} if said else {}


def levels_told(clocks: Collection[Clock]) -> dict[str, Any]:
    """What an entry of the history says of the allowances of the clocks that begin or change with it."""
    said = {each.code: as_told(each.allowance, each.because) for each in clocks}
    return {"levels": said} if said else {}


def clock_of(row: dict[str, Any]) -> Clock:
    """The struct of one row."""
    values = {name: row[name] for name in Clock.__struct_fields__}
    return Clock(**values | {name: msgspec.json.decode(row[name], type=kind) for name, kind in IN_JSON.items()})


@dataclass(frozen=True)
class ClockWatcher:
    """Who looks at clocks before they end, and after, in the towns that have its module: says when it does next."""

    module: str = ""
    scheduled: Callable[[Host, Jurisdiction, Clock | None, Clock], Awaitable[Clock]] | None = None


async def keep_new(host: Host, town: Jurisdiction, request: UUID, clocks: tuple[Clock, ...]) -> None:
    """Inside a transaction: write clocks that have just begun."""
    begun = [await _scheduled(host, town, None, clock) for clock in clocks]
    if begun:
        await insert_values(ClockRow, *({**_row(clock), "request": request} for clock in begun))


async def keep_changed(host: Host, town: Jurisdiction, before: tuple[Clock, ...], after: tuple[Clock, ...]) -> None:
    """Inside a transaction: write those of the clocks that have changed."""
    for old, new in zip(before, after, strict=True):
        if old != new:
            values: Row = _row(await _scheduled(host, town, old, new))
            del values["id"]
            await ClockRow.update(values).where(ClockRow.id == new.id)


async def _scheduled(host: Host, town: Jurisdiction, before: Clock | None, after: Clock) -> Clock:
    """A date that has moved is looked at from the beginning again, and by nobody where no module does."""
    step = 0 if before is None or before.due_at != after.due_at else after.step
    clock, watcher = structs.replace(after, step=step, next_at=None), host.of(ClockWatcher)
    if watcher.scheduled is None or not host.modules.of(town).has(watcher.module):
        return clock
    return await watcher.scheduled(host, town, before, after)


def _row(clock: Clock) -> Row:
    return structs.asdict(clock) | {name: as_json(getattr(clock, name)) for name in IN_JSON}
