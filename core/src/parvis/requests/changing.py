"""Where a request is written after it came in: row, history entry, clocks and deliveries in one transaction."""

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct, structs

from parvis import clock
from parvis.db import HouseRuleBroken, in_transaction_of_its_own
from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import deliveries
from parvis.requests.actors import Actor
from parvis.requests.clocks.measures import answered
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Entry, Line, append, entries_of
from parvis.requests.host import Host
from parvis.requests.records import JSON_COLUMNS, Record, as_columns, as_json, locked
from parvis_sdk.events import AnyEvent
from parvis_sdk.request_types import RequestType

AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 30  # entries by the requester
MOST_ENTRIES = 2000  # of a request, beyond which only the town may add any
ASIDE = {
    "attached",
    "call_escalated",
    "call_wanted",
    "called",
    "escalated",
    "checklist",
    "detached",
    "follow_up",
    "followed",
    "looked_at",
    "not_fixed_too",
    "not_reached",
    "posted",
    "reminded",
    "returned",
    "settled",
    "taken",
    "task_done",
    "task_given",
    "task_late",
    "task_over",
    "told",
    "unasked",
    "undelivered",
    "unreached",
    "warned",
}
"""What anybody may do at any moment and no work depends on."""
Answer = TypeVar("Answer")
Write = Callable[[], Awaitable[None]]


class NoSuchRequest(LookupError):
    """No request has this reference."""


class AlreadyErased(NoSuchRequest):
    """Its personal data was destroyed, and nothing is added to it any more."""


class TooManyChanges(Exception):
    """Its requester has written more within the hour than a person does."""


class Conflict(Struct, frozen=True, kw_only=True):
    """Somebody changed the request since the version a person saw: what they did, and the version it has now."""

    version: int
    entries: tuple[Entry, ...]


class Change(Struct, frozen=True, kw_only=True):
    """What is to be written: the history line, the columns, the events it announces, and what else goes with it.

    `then` is asked last, in the same transaction, with the request as it has become: what follows of itself.
    """

    line: Line
    columns: dict[str, Any] = {}
    events: tuple[AnyEvent, ...] = ()
    writes: tuple[Write, ...] = ()
    then: Callable[[Record], Awaitable[Record]] | None = None


class Situation(Struct, frozen=True, kw_only=True):
    """What a plan is made from: the request as it stands under lock, its type, its town, and the moment."""

    record: Record
    request_type: RequestType
    town: Jurisdiction
    at: datetime

    def about(self, actor: Actor) -> dict[str, Any]:
        """What every event says."""
        name = actor.name if actor.kind == "plugin" else actor.kind
        return {"id": str(new_id()), "reference": self.record.reference, "at": self.at, "actor": name}


Plan = Callable[[Situation], Awaitable[Change | Answer]]


async def change(
    host: Host,
    reference: str,
    plan: Plan[Answer],
    *,
    actor: Actor,
    expected: int | None = None,
    against: Collection[str] = (),
) -> Record | Answer | Conflict:
    """Change a request by a plan made under lock, in a transaction of its own.

    The answer is the request as it has become, the plan's own refusal, or a `Conflict` when `expected` is not the
    version found; where the plan overwrites what only the kinds of entries `against` write, when one of these was
    written since. Nothing is written in the last two cases, nor when one of the errors above is raised.
    """
    made = partial(change_within, host, reference, plan, actor=actor, expected=expected, against=against)
    return await in_transaction_of_its_own(host.engine, made)


async def change_within(
    host: Host,
    reference: str,
    plan: Plan[Answer],
    *,
    actor: Actor,
    expected: int | None = None,
    against: Collection[str] = (),
) -> Record | Answer | Conflict:
    """The same inside a transaction that is already open."""
    record = await locked(host, reference)
    if record is None:
        raise NoSuchRequest(reference)
    if record.erased_at is not None:
        raise AlreadyErased(reference)
    if expected is not None and (conflict := await conflict_with(record, expected, against)):
        return conflict
    request_type = await type_of_record(host, record)
    here = Situation(
        record=record,
        request_type=request_type,
        town=host.jurisdictions.jurisdiction(record.jurisdiction),
        at=clock.now(),
    )
    planned = await plan(here)
    if not isinstance(planned, Change):
        return planned
    if actor.kind == "requester" and planned.line.kind not in ASIDE:
        await _within_measure(here)
    written = await _write(host, here, planned, actor)
    return await planned.then(written) if planned.then else written


async def conflict_with(record: Record, expected: int, against: Collection[str] = ()) -> Conflict | None:
    """What somebody did to a request since this version of it was seen; None where nothing that counts."""
    if expected == record.version:
        return None
    news = await _since(record, expected)
    if expected > record.version or any(_disturbs(entry, against) for entry in news):
        return Conflict(version=record.version, entries=news)
    return None


def _disturbs(entry: Entry, against: Collection[str]) -> bool:
    return entry.kind in against if against else entry.kind not in ASIDE


async def _within_measure(here: Situation) -> None:
    # Anyone who holds a key could otherwise fill the database, and everybody's day, with entries.
    wrote = EntryRow.select(EntryRow.at).where(
        (EntryRow.request == here.record.id)
        & (EntryRow.number > 1)
        & (EntryRow.actor_kind == "requester")
        & (EntryRow.at > here.at - AN_HOUR)
        & EntryRow.kind.not_in(list(ASIDE))
    )
    if here.record.entries >= MOST_ENTRIES or len(await wrote.limit(MOST_AN_HOUR)) >= MOST_AN_HOUR:
        raise TooManyChanges(here.record.reference)


async def _since(record: Record, version: int) -> tuple[Entry, ...]:
    # Every change writes one entry and raises the version by one, so the last (now - then) entries are the news.
    entries = await entries_of(record)
    return entries[max(0, len(entries) - (record.version - version)) :] if version < record.version else entries[-1:]


async def _write(host: Host, here: Situation, planned: Change, actor: Actor) -> Record:
    record = here.record
    hash = await append(record.id, record.entries + 1, record.last_hash, planned.line, actor, here.at)
    columns = {**planned.columns, **answered(here.town.calendar, record, planned.line, actor, here.at)}
    changed = structs.replace(
        record,
        **columns,
        version=record.version + 1,
        updated_at=here.at,
        entries=record.entries + 1,
        last_hash=hash,
    )
    await ServiceRequest.update(row_of(changed, *columns, "version", "updated_at", "entries", "last_hash")).where(
        ServiceRequest.id == record.id
    )
    for write in planned.writes:
        await write()
    await announce(host, changed, here.town, planned.events)
    return changed


def certainly(answer: object) -> Record:
    """The changed request, of a plan that cannot refuse and met no expectation to conflict with."""
    if isinstance(answer, Record):
        return answer
    raise HouseRuleBroken(f"a plan that cannot refuse was answered by {type(answer).__name__}")


def row_of(record: Record, *names: str) -> Row:
    """The named columns of a record as the table wants them."""
    values = {name: getattr(record, name) for name in names or Record.__struct_fields__}
    return as_columns({name: as_json(value) if name in JSON_COLUMNS else value for name, value in values.items()})


async def announce(host: Host, record: Record, town: Jurisdiction, events: tuple[AnyEvent, ...]) -> None:
    """Inside a transaction: write one delivery for each event and each subscription that wants it."""
    await deliveries.write(
        host.plugins,
        events,
        request=record.id,
        reference=record.reference,
        type_code=record.type,
        plugins=town.plugins,
        town=town.code,
    )
