"""Destruction at the end of retention: the list of each rule, its approval, the signed register; histories verified."""

import hashlib
import hmac
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct
from piccolo.columns.combination import WhereRaw

from parvis import clock
from parvis.db import insert, transaction
from parvis.db.tables import Entry, Row, ServiceRequest
from parvis.db.upkeep_tables import DestructionList
from parvis.identifiers import new_id
from parvis.jurisdictions.destruction import DESTRUCTION
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import AlreadyErased
from parvis.requests.declarations import declaration
from parvis.requests.erasure_rules import settled
from parvis.requests.history import broken_at
from parvis.requests.host import Host
from parvis.requests.keeping.retention import erase, kept_for_its_time
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import find, record_of
from parvis_sdk.request_types import Retention

SIGNED = "hmac-sha256"


class DestructionEntry(Struct, frozen=True, kw_only=True):
    """One erased request: `entries` and `files` count what was personal in it and is gone."""

    at: datetime
    reference: str
    jurisdiction: str
    type: str
    then: str
    entries: int
    files: int


ERASED = """
SELECT e.at, r.reference, r.jurisdiction, r.type, e.body
FROM service_request r JOIN entry e ON e.request = r.id AND e.kind = 'erased'
WHERE r.erased_at >= {} AND r.erased_at < {} ORDER BY e.at, r.reference"""


async def register(since: datetime, until: datetime) -> tuple[DestructionEntry, ...]:
    """Everything erased in a period, in the order of time."""
    rows = await Entry.raw(ERASED, since, until)
    return tuple(msgspec.convert({**msgspec.json.decode(row.pop("body")), **row}, DestructionEntry) for row in rows)


def signed(secret: bytes, text: str) -> str:
    """The text with one more line, which proves that nothing above it was changed since."""
    body = _lines(text)
    return f"{body}{SIGNED},{_signature(secret, body)}\r\n"


def signature_of(text: str) -> str:
    """The signature in the last line of a text that was signed."""
    return text.rstrip().rpartition(f"{SIGNED},")[2]


def is_whole(secret: bytes, text: str) -> bool:
    """Whether this is a register that we signed, unchanged; how its lines end does not matter."""
    body, mark, signature = _lines(text).removesuffix("\r\n").rpartition(f"\r\n{SIGNED},")
    given = signature.strip().encode("utf-8", "replace")
    return bool(mark) and hmac.compare_digest(given, _signature(secret, f"{body}\r\n").encode())


def _lines(text: str) -> str:
    return "".join(f"{line}\r\n" for line in text.removeprefix("\ufeff").splitlines())


def _signature(secret: bytes, body: str) -> str:
    return hmac.new(secret, b"register\0" + body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


A_RUN = 200
READ = ("reference", "jurisdiction", "type", "declaration", "submitted_at", "retention_due_at")
COLUMNS = "reference,type,then,due\r\n"
REFERENCE = 0  # its place in a line


class Forgotten(Struct, frozen=True, kw_only=True):
    """One request whose retention is over: what becomes of it, by which rule, and when it fell due."""

    reference: str
    jurisdiction: str
    type: str
    then: str
    days: int
    due_at: datetime


class DueList(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that one rule of one town destroys now: complete, in the order in which it fell due."""

    jurisdiction: str
    type: str
    rule: Retention
    lines: tuple[Forgotten, ...]
    secret: bytes

    @cached_property
    def listing(self) -> str:
        """The list as it is approved and kept: CSV, its last line a signature."""
        rows = (f"{each.reference},{each.type},{each.then},{each.due_at.isoformat()}\r\n" for each in self.lines)
        return signed(self.secret, COLUMNS + "".join(rows))

    @cached_property
    def mark(self) -> str:
        """What names this very list: its signature."""
        return signature_of(self.listing)

    @property
    def since(self) -> datetime:
        return self.lines[0].due_at

    @property
    def until(self) -> datetime:
        return self.lines[-1].due_at


class ApprovedList(Struct, frozen=True, kw_only=True):
    """A list that somebody has approved, and what became of it."""

    jurisdiction: str
    type: str
    days: int
    outcome: str
    since: datetime
    until: datetime
    lines: int
    mark: str
    approved_name: str
    approved_at: datetime
    done_at: datetime | None
    destroyed: int


async def due_to_forget(
    host: Host, by: datetime | None = None, towns: Iterable[str] | None = None
) -> tuple[Forgotten, ...]:
    """Everything whose retention is over now, or will be `by` a time, the oldest first; changes nothing."""
    served = list(host.jurisdictions.by_code if towns is None else towns)
    table, by = ServiceRequest, by or clock.now()
    rows = (
        await table.select(*(getattr(table, name) for name in READ))
        .where(
            (table.retention_due_at <= by) & table.erased_at.is_null() & table.jurisdiction.is_in(served),
            WhereRaw(settled(host)),
        )
        .order_by(table.retention_due_at)
        .order_by(table.reference)
        if served
        else []
    )
    lines = []
    for row in rows:
        rule = (await declaration(host, row["declaration"])).retention
        if not kept_for_its_time(row["submitted_at"], row["retention_due_at"], rule.days, by):
            continue
        lines.append(
            Forgotten(
                reference=row["reference"],
                jurisdiction=row["jurisdiction"],
                type=row["type"],
                then=rule.then,
                days=rule.days,
                due_at=row["retention_due_at"],
            )
        )
    return tuple(lines)


async def lists_to_approve(host: Host, towns: Collection[str] | None = None) -> tuple[DueList, ...]:
    """What waits for a person's approval, one list for each rule of each of these towns that do not run alone."""
    asked = host.jurisdictions.by_code if towns is None else towns
    waits = [code for code in asked if not _runs_alone(host, code)]
    approved = {reference for row in await _pending(waits) for reference in _references(row["listing"])}
    by_rule: dict[tuple[str, str, int, str], list[Forgotten]] = defaultdict(list)
    for line in await due_to_forget(host, towns=waits):
        if line.reference not in approved:
            by_rule[line.jurisdiction, line.type, line.days, line.then].append(line)
    return tuple(
        DueList(
            jurisdiction=lines[0].jurisdiction,
            type=lines[0].type,
            rule=Retention(days=lines[0].days, then="destroy" if lines[0].then == "destroy" else "anonymise"),
            lines=tuple(lines),
            secret=host.secret,
        )
        for _, lines in sorted(by_rule.items())
    )


async def approve(host: Host, mark: str, *, actor: Actor, towns: Collection[str] | None = None) -> DueList | None:
    """Let the workers do what stands in the list of this mark; None when no list reads so any more."""
    found = next((each for each in await lists_to_approve(host, towns) if each.mark == mark), None)
    if found is None:
        return None
    row: Row = {
        "id": new_id(),
        "jurisdiction": found.jurisdiction,
        "type": found.type,
        "days": found.rule.days,
        "outcome": found.rule.then,
        "since": found.since,
        "until": found.until,
        "lines": len(found.lines),
        "listing": found.listing,
        "mark": found.mark,
        "approved_by": actor.id[:60],
        "approved_name": actor.name[:120],
        "approved_at": clock.now(),
    }
    async with transaction(host.engine):
        if not await DestructionList.exists().where(DestructionList.mark == mark):
            await insert(DestructionList(**row))
    return found


async def approved_lists(towns: Collection[str], limit: int = 50) -> tuple[ApprovedList, ...]:
    """The lists that were approved last, whatever became of them."""
    table = DestructionList
    rows = (
        await table.select(*(getattr(table, name) for name in ApprovedList.__struct_fields__))
        .where(table.jurisdiction.is_in(list(towns)))
        .order_by(table.approved_at, ascending=False)
        .limit(limit)
        if towns
        else []
    )
    return tuple(ApprovedList(**row) for row in rows)


async def listing_of(host: Host, mark: str, towns: Collection[str]) -> str | None:
    """A list as it may be taken away: one that waits, or one that was approved."""
    table = DestructionList
    kept = await table.select(table.listing).where((table.mark == mark) & table.jurisdiction.is_in(list(towns))).first()
    if kept is not None:
        return str(kept["listing"])
    return next((each.listing for each in await lists_to_approve(host, towns) if each.mark == mark), None)


async def forget_due(host: Host, limit: int = 0) -> tuple[Forgotten, ...]:
    """Destroy what is due and approved, one request per unit; in towns that run alone everything that is due."""
    limit = limit or A_RUN
    alone = [code for code in host.jurisdictions.by_code if _runs_alone(host, code)]
    done = await _destroy(host, (await due_to_forget(host, towns=alone))[:limit])
    for row in await _pending([code for code in host.jurisdictions.by_code if code not in alone]):
        done += await _destroy_list(host, row, limit - len(done))
    return tuple(done)


async def _destroy_list(host: Host, row: dict[str, Any], limit: int) -> list[Forgotten]:
    """What of an approved list still falls under its rule; what was taken up again since is left alone."""
    listed = set(_references(row["listing"]))
    there = [
        line
        for line in await due_to_forget(host, towns=[row["jurisdiction"]])
        if line.reference in listed and (line.type, line.days, line.then) == (row["type"], row["days"], row["outcome"])
    ]
    done = await _destroy(host, there[: max(0, limit)])
    table = DestructionList
    changed: dict[Any, Any] = {table.destroyed: table.destroyed + len(done)}
    if len(there) <= max(0, limit):
        changed[table.done_at] = clock.now()
    async with transaction(host.engine):
        await table.update(changed).where(table.id == row["id"])
    return done


async def _destroy(host: Host, lines: Iterable[Forgotten]) -> list[Forgotten]:
    done = []
    for line in lines:
        try:
            erased = await erase(host, line.reference, actor=SYSTEM, only="due")
        except AlreadyErased:  # by another worker, since we looked
            continue
        if erased is not None:
            done.append(line)
    return done


async def _pending(towns: Collection[str]) -> list[dict[str, Any]]:
    """The approved lists of these towns that are not worked off."""
    table = DestructionList
    if not towns:
        return []
    waiting = table.select().where(table.done_at.is_null() & table.jurisdiction.is_in(list(towns)))
    rows: list[dict[str, Any]] = await waiting.order_by(table.approved_at)
    return rows


def _references(listing: str) -> list[str]:
    return [line.split(",")[REFERENCE] for line in listing.splitlines()[1:-1]]


def _runs_alone(host: Host, code: str) -> bool:
    return DESTRUCTION.of(host.jurisdictions.jurisdiction(code)).runs_alone


ERASURE = ErasureRule(personal=(Personal(table="erasure_proposal"),))


BATCH = 500


async def broken_histories(host: Host, references: Collection[str] = ()) -> AsyncIterator[tuple[str, int]]:
    """The reference and the first bad entry of each history that is not whole: of those named, or of all."""
    if references:
        for typed in references:
            record = await find(host, typed)
            if record is None:
                yield typed, 0
            elif (number := await broken_at(record)) is not None:
                yield record.reference, number
        return
    last = ""
    while True:
        rows = (
            await ServiceRequest.select()
            .where(ServiceRequest.reference > last)
            .order_by(ServiceRequest.reference)
            .limit(BATCH)
        )
        if not rows:
            return
        for record in map(record_of, rows):
            if (number := await broken_at(record)) is not None:
                yield record.reference, number
        last = rows[-1]["reference"]
