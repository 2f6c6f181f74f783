"""The clocks of a request told again from its history alone, and counted anew when what they depend on has changed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from piccolo.columns.combination import WhereRaw

from parvis.db import held, transaction
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.clocks.clocks import (
    Clock,
    after_move,
    beginning,
    clocks_of,
    keep_changed,
    levels_told,
    shown_of,
    started,
    under,
)
from parvis.requests.clocks.measures import in_days, looked_back, measured
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.levels import Terms, levels_in_force, target_time_of, terms_of
from parvis.requests.lifecycle import told_of
from parvis.requests.promises.promising import paused_by_hand, rescheduled, resumed_by_hand
from parvis.requests.records import Record, as_columns, record_of
from parvis.requests.retyping import promised_by
from parvis.requests.timeline import request_types_at
from parvis_sdk.events import Rescheduled
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

Cause = Literal["priority", "zone"]
WHY: Mapping[Cause, Text] = {
    "priority": Text(
        fr="La priorité de votre requête a changé, et le délai avec elle.",
        en="The priority of your request has changed, and the promised date with it.",
    ),
    "zone": Text(
        fr="L’endroit a été corrigé\u00a0: le délai est maintenant celui de ce secteur.",
        en="The place was corrected: the response time is now that of this area.",
    ),
}


async def recount(host: Host, cause: Cause, record: Record) -> Record:
    """In a transaction: the clocks as the levels of the town now make them, in an entry of its own if any changes."""
    standing = await levels_in_force(host, host.jurisdictions.jurisdiction(record.jurisdiction))
    if not standing.version and not standing.body.rules:  # nothing that the town promises ever looks at either
        return record

    async def plan(here: Situation) -> Change | Record:
        clocks = await clocks_of(here.record.id)
        terms = await terms_of(host, here.town, here.record.place, here.record.priority)
        anew = tuple(recounted(each, here.request_type, here.town, terms, here.at) for each in clocks)
        changed = tuple(new for old, new in zip(clocks, anew, strict=True) if new != old)
        if not changed:
            return here.record
        promise = shown_of(anew)
        moved = told_of(here.record, promise)
        words = {"words": WHY[cause].to(here.record.language)} if moved else None
        return Change(
            line=Line(
                kind="promised" if moved else "recounted",
                audience="requester" if moved else "internal",
                body={"cause": cause, **levels_told(changed), **moved},
                personal=words,
            ),
            columns={"promised_at": promise.due_at, "promise": promise.state} if promise else {},
            events=(Rescheduled(**here.about(SYSTEM), entry=here.record.entries + 1),) if moved else (),
            writes=(partial(keep_changed, host, here.town, clocks, anew),),
        )

    return certainly(await change_within(host, record.reference, plan, actor=SYSTEM))


def recounted(clock: Clock, request_type: RequestType, town: Jurisdiction, terms: Terms, now: datetime) -> Clock:
    """The clock under the level of its code as these terms make it; one that the type no longer has stays."""
    level = next((each for each in request_type.service_levels if each.code == clock.code), None)
    if level is None:
        return clock
    wanted, because = target_time_of(level, request_type.code, town, terms, clock.started_at)
    return clock if wanted == clock.allowance else under(clock, wanted, because, town.calendar, now)


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
    entries: Sequence[Entry], request_types: Mapping[int, RequestType], town: Jurisdiction, now: datetime
) -> ClockReplay:
    """A pure reading: `request_types` is the declaration under which each entry was written."""
    clocks: tuple[Clock, ...] = ()
    rests: list[Rest] = []
    answers: dict[str, object] = {}
    for entry in entries:
        answers = (entry.personal or {}).get("answers", answers)
        after = _after(entry, request_types[entry.number], answers, town, clocks)
        rests = _rested(rests, entry, clocks, after)
        clocks = after
    return ClockReplay(clocks=tuple(_as_of(each, now) for each in clocks), rests=tuple(rests))


def _after(
    entry: Entry,
    request_type: RequestType,
    answers: Mapping[str, object],
    town: Jurisdiction,
    clocks: tuple[Clock, ...],
) -> tuple[Clock, ...]:
    body, at = entry.body, entry.at
    told = body.get("levels", {})
    terms = Terms(rules=town.service_levels, told=told)  # what was promised before entries said so, as it is today
    if entry.kind == "submitted":
        return started(request_type, answers, town, at, terms)
    if "cause" in body:
        return tuple(recounted(each, request_type, town, terms, at) if each.code in told else each for each in clocks)
    if entry.kind == "paused":
        return paused_by_hand(clocks, body["why"], at)
    if entry.kind == "resumed":
        return resumed_by_hand(clocks, body["waits"], town.calendar, at)
    if entry.kind == "promised":
        due_at = msgspec.convert(body["promised_at"], datetime)
        return tuple(rescheduled(each, due_at, at) if each.shown else each for each in clocks)
    if "declaration_before" in body:
        kept = tuple(after_move(each, request_type.workflow.initial.phase, town.calendar, at) for each in clocks)
        if shown_of(kept) is None:
            return (*kept, *started(request_type, answers, town, at, terms))
        return tuple(promised_by(each, request_type, answers, town, terms, at) if told else each for each in kept)
    begun: set[str] = set(body.get("facts", ()))
    if "target" in body:
        state = request_type.workflow.state(body["target"])
        clocks = tuple(after_move(each, state.phase, town.calendar, at) for each in clocks)
        begun |= {state.code, state.phase}
    elif entry.kind != "clocks":
        return clocks
    return (*clocks, *beginning(request_type, answers, town, at, terms, begun=begun, known=clocks))


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


Columns: TypeAlias = Callable[[Host, Record], Awaitable[Mapping[str, Any]]]

UNMEASURED = "reopened IS NULL"  # as the partial indexes have it
UNCOUNTED = "days_promised IS NULL AND allowed IS NOT NULL"
NOT_LOOKED_BACK = "undone IS NULL"
TOGETHER, MOST = 100, 5_000


async def measure_older(host: Host) -> int:
    """Fill what is counted of requests for which it was never written; how many were."""
    done = await _through(host, UNMEASURED, _columns)
    done += await _through(host, NOT_LOOKED_BACK, _back)
    return done + await _through(host, UNCOUNTED, _days)


async def _back(host: Host, record: Record) -> Mapping[str, Any]:
    entries = await entries_of(record)
    request_types = await request_types_at(host, record, entries)
    return looked_back(entries, request_types, shown_of(await clocks_of(record.id)))


async def _through(host: Host, lacking: str, columns: Columns) -> int:
    done = 0
    after = UUID(int=0)
    while done < MOST:
        table = ServiceRequest
        served = table.jurisdiction.is_in(list(host.jurisdictions.by_code))  # others wait until their town is back
        wanted = WhereRaw(lacking) & (table.id > after) & served
        rows = await table.select(table.id).where(wanted).order_by(table.id).limit(TOGETHER)
        if not rows:
            break
        after = rows[-1]["id"]
        done += await _fill(host, [row["id"] for row in rows], lacking, columns)
    return done


async def _fill(host: Host, ids: list[UUID], lacking: str, columns: Columns) -> int:
    table, filled = ServiceRequest, 0
    async with transaction(host.engine):
        wanted = table.select().where(table.id.is_in(ids) & WhereRaw(lacking))
        records = [record_of(row) for row in await held(wanted.order_by(table.id), host.engine)]
        for record in records:
            values: dict[Any, Any] = {**as_columns(await columns(host, record))}
            if any(value is not None for value in values.values()):
                await table.update(values).where(table.id == record.id)
                filled += 1
    return filled


async def _columns(host: Host, record: Record) -> Mapping[str, Any]:
    entries = await entries_of(record)
    request_types = await request_types_at(host, record, entries)
    calendar = host.jurisdictions.jurisdiction(record.jurisdiction).calendar
    return measured(record, entries, request_types, shown_of(await clocks_of(record.id)), calendar)


async def _days(host: Host, record: Record) -> Mapping[str, Any]:
    calendar = host.jurisdictions.jurisdiction(record.jurisdiction).calendar
    return in_days(calendar, shown_of(await clocks_of(record.id)))
