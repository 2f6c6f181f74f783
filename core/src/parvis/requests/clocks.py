"""Clocks: promises in time that run, pause while the town waits for the requester, and are met or missed."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis.db import insert_values
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.requests.records import as_json
from parvis.territory import Jurisdiction
from parvis.territory.calendars import BusinessCalendar, add_business_days, add_business_time, business_time_between
from parvis_sdk.conditions import holds
from parvis_sdk.request_types import RequestType, ServiceLevel
from parvis_sdk.requests import Phase

ClockState = Literal["running", "paused", "met", "missed"]
REACHED: dict[str, tuple[Phase, ...]] = {
    "in_progress": (Phase.IN_PROGRESS, Phase.WAITING_FOR_YOU, Phase.DECIDED, Phase.CLOSED),
    "decided": (Phase.DECIDED, Phase.CLOSED),
    "closed": (Phase.CLOSED,),
}


class Clock(Struct, frozen=True, kw_only=True):
    """One promise of one request. `shown` marks the one told to the resident."""

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


def started(kind: RequestType, answers: Mapping[str, Any], town: Jurisdiction, now: datetime) -> tuple[Clock, ...]:
    """The clocks that begin when a request comes in: for each thing promised, the first service level that holds.

    What the first state of the workflow already fulfils is met at once.
    """
    initial = kind.workflow.initial
    begun = beginning(kind, answers, town, now, begun={"", initial.code, initial.phase})
    return tuple(after_move(clock, initial.phase, town.calendar, now) for clock in begun)


def beginning(
    kind: RequestType,
    answers: Mapping[str, Any],
    town: Jurisdiction,
    now: datetime,
    *,
    begun: Collection[str],
    known: Collection[Clock] = (),
) -> tuple[Clock, ...]:
    """The clocks that begin with what has just `begun` (a state, its phase, facts), beside those that are `known`."""
    promise = kind.promise(answers)
    there = {(each.allowance.until, each.allowance.since) for each in known}
    chosen: dict[tuple[str, str], ServiceLevel] = {}
    for level in kind.service_levels:
        alike = (level.until, level.since)
        holding = level.when is None or holds(level.when, answers)
        if level.since in begun and alike not in there and alike not in chosen and holding:
            chosen[alike] = level
    told = any(each.shown for each in known)
    return tuple(
        _start(_as_the_town_says(level, kind.code, town), town.calendar, now, shown=level is promise and not told)
        for level in chosen.values()
    )


def _as_the_town_says(level: ServiceLevel, type_code: str, town: Jurisdiction) -> ServiceLevel:
    ours = town.service_level(type_code, level.code)
    if ours is None:
        return level
    return structs.replace(
        level, business_days=ours.business_days or 0, business_hours=ours.business_hours or 0, hours=ours.hours or 0
    )


def _start(level: ServiceLevel, calendar: BusinessCalendar, now: datetime, *, shown: bool) -> Clock:
    return Clock(
        id=new_id(),
        code=level.code,
        state="running",
        shown=shown,
        until=level.until,
        allowance=level,
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
            return structs.replace(clock, state="met", ended_at=now)
        case "running" if phase is Phase.WAITING_FOR_YOU and clock.allowance.pauses:
            return structs.replace(clock, state="paused", paused_at=now)
        case "paused" if phase is not Phase.WAITING_FOR_YOU:
            return structs.replace(clock, state="running", paused_at=None, due_at=_moved_on(clock, calendar, now))
    return clock


def _run_anew(clock: Clock, calendar: BusinessCalendar, now: datetime) -> Clock:
    due_at = due(clock.allowance, calendar, now)
    return structs.replace(clock, state="running", started_at=now, due_at=due_at, ended_at=None, paused_at=None)


def _moved_on(clock: Clock, calendar: BusinessCalendar, now: datetime) -> datetime:
    paused_at = clock.paused_at or now
    if paused_at >= clock.due_at:
        return clock.due_at
    if clock.allowance.hours:
        return clock.due_at + (now - paused_at)
    left = business_time_between(calendar, paused_at, clock.due_at)
    return add_business_time(calendar, now, left)


def shown_of(clocks: tuple[Clock, ...]) -> Clock | None:
    """The promise that the resident sees."""
    return next((clock for clock in clocks if clock.shown), None)


async def clocks_of(request: UUID) -> tuple[Clock, ...]:
    """All clocks of a request."""
    rows = await ClockRow.select().where(ClockRow.request == request).order_by(ClockRow.id)
    return tuple(clock_of(row) for row in rows)


async def keep_new(request: UUID, clocks: tuple[Clock, ...]) -> None:
    """Inside a unit: write the clocks of a request that has just come in."""
    await insert_values(ClockRow, *({**_row(clock), "request": request} for clock in clocks))


def noted(before: Collection[Clock], after: Collection[Clock]) -> dict[str, Any]:
    """What an entry of the history says of the clocks that have changed, so that it can be told years later."""
    was = {each.code: each for each in before}
    changed = [each for each in after if was.get(each.code) != each]
    said = {each.code: {"state": each.state, "due_at": each.due_at.isoformat()} for each in changed}
    return {"clocks": said} if said else {}


async def keep_changed(before: tuple[Clock, ...], after: tuple[Clock, ...]) -> None:
    """Inside a unit: write the clocks that a move changed."""
    for old, new in zip(before, after, strict=True):
        if old != new:
            values: Row = {key: value for key, value in _row(new).items() if key != "id"}
            await ClockRow.update(values).where(ClockRow.id == new.id)


def _row(clock: Clock) -> Row:
    return structs.asdict(clock) | {"allowance": as_json(clock.allowance)}


def clock_of(row: dict[str, Any]) -> Clock:
    """The struct of one row."""
    values = {name: row[name] for name in Clock.__struct_fields__}
    values["allowance"] = msgspec.json.decode(row["allowance"], type=ServiceLevel)
    return Clock(**values)
