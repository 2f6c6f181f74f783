"""Destruction at the end of retention: the list of each rule, its approval by a person, and what becomes of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.db import insert, transaction
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import AlreadyErased
from parvis.requests.host import Host
from parvis.requests.keeping.retention import DueRequest, due_for_destruction, erase
from parvis_disposal.register import is_whole, signature_of, signed
from parvis_disposal.tables import DestructionList
from parvis_disposal.town_destruction import DESTRUCTION
from parvis_sdk.request_types import Retention

NAME = "disposal"
A_RUN = 200
COLUMNS = "reference,type,then,due\r\n"
REFERENCE = 0  # its place in a line
TOGETHER = 500  # references in one statement
TURN = "destruction"  # that approvals take


class DueList(Struct, frozen=True, kw_only=True, dict=True):
    """Everything that one rule of one town destroys now: complete, in the order in which it fell due."""

    jurisdiction: str
    type: str
    rule: Retention
    lines: tuple[DueRequest, ...]
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


def served(host: Host, towns: Iterable[str] | None = None) -> list[str]:
    """Those of these towns, or of all, in which anything is destroyed at all: elsewhere not even what was approved."""
    asked = host.jurisdictions.by_code if towns is None else towns
    there = {code: host.jurisdictions.get(code) for code in asked}
    return [code for code, town in there.items() if town is not None and host.modules.of(town).has(NAME)]


async def lists_to_approve(host: Host, towns: Collection[str] | None = None) -> tuple[DueList, ...]:
    """What waits for a person's approval, one list for each rule of each of these towns that do not run alone."""
    waits = [code for code in served(host, towns) if not _runs_alone(host, code)]
    approved = {reference for row in await _pending(host, waits) for reference in _references(row["listing"])}
    by_rule: dict[tuple[str, str, int, str], list[DueRequest]] = defaultdict(list)
    for line in await due_for_destruction(host, towns=waits):
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
    """Let the workers do what stands in the list of this mark; None when no list reads so any more.

    One after the other: of two who approve at once the second finds what the first has left to approve.
    """
    async with transaction(host.engine):
        await turn_of(host.engine, TURN)
        found = next((each for each in await lists_to_approve(host, towns) if each.mark == mark), None)
        if found is not None:
            await insert(DestructionList(**_approved(found, actor)))
    return found


def _approved(found: DueList, actor: Actor) -> Row:
    return {
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
    kept = await table.select(table.listing).where((table.mark == mark) & table.jurisdiction.is_in(list(towns)))
    if whole := [str(row["listing"]) for row in kept if is_whole(host.secret, row["listing"])]:
        return whole[0]
    return next((each.listing for each in await lists_to_approve(host, towns) if each.mark == mark), None)


async def forget_due(host: Host, limit: int = 0) -> tuple[DueRequest, ...]:
    """Destroy what is due and approved, one request per unit; in towns that run alone everything that is due."""
    limit = limit or A_RUN
    here = served(host)
    alone = [code for code in here if _runs_alone(host, code)]
    done = await _destroy(host, (await due_for_destruction(host, towns=alone))[:limit])
    for row in await _pending(host, [code for code in here if code not in alone]):
        done += await _destroy_list(host, row, limit - len(done))
    return tuple(done)


async def _destroy_list(host: Host, row: dict[str, Any], limit: int) -> list[DueRequest]:
    """What of an approved list still falls under its rule; what was taken up again since is left alone."""
    listed = set(_references(row["listing"]))
    there = [
        line
        for line in await due_for_destruction(host, towns=[row["jurisdiction"]])
        if line.reference in listed and (line.type, line.days, line.then) == (row["type"], row["days"], row["outcome"])
    ]
    done = await _destroy(host, there[: max(0, limit)])
    table = DestructionList
    changed: dict[Any, Any] = {table.destroyed: await _count_gone(listed)}
    if len(there) <= max(0, limit) and served(host, [row["jurisdiction"]]):
        changed[table.done_at] = clock.now()
    async with transaction(host.engine):
        await table.update(changed).where(table.id == row["id"])
    return done


async def _count_gone(references: Collection[str]) -> int:
    """How many of these are destroyed, by whichever run: one that was killed has told nobody how far it came."""
    table, every, found = ServiceRequest, list(references), 0
    for start in range(0, len(every), TOGETHER):
        some = table.reference.is_in(every[start : start + TOGETHER])
        found += int(await table.count().where(some & table.erased_at.is_not_null()))
    return found


async def _destroy(host: Host, lines: Iterable[DueRequest]) -> list[DueRequest]:
    """Destroy one by one while disposal is on in the town: switching it off stops a run that has begun."""
    done = []
    for line in lines:
        await host.modules.look()
        if not served(host, [line.jurisdiction]):
            continue
        try:
            erased = await erase(host, line.reference, actor=SYSTEM, only="due")
        except AlreadyErased:  # by another worker, since we looked
            continue
        if erased is not None:
            done.append(line)
    return done


async def approved_and_due(host: Host, town: str) -> tuple[DueRequest, ...]:
    """What the next run destroys in a town, or would were it on: what is approved, or all where it runs alone."""
    due = await due_for_destruction(host, towns=[town])
    if _runs_alone(host, town):
        return due
    approved = {reference for row in await _pending(host, [town]) for reference in _references(row["listing"])}
    return tuple(each for each in due if each.reference in approved)


async def _pending(host: Host, towns: Collection[str]) -> list[dict[str, Any]]:
    """The approved lists of these towns that are not worked off; one that was altered since is no approval."""
    table = DestructionList
    if not towns:
        return []
    waiting = table.select().where(table.done_at.is_null() & table.jurisdiction.is_in(list(towns)))
    rows: list[dict[str, Any]] = await waiting.order_by(table.approved_at)
    return [row for row in rows if is_whole(host.secret, row["listing"])]


def _references(listing: str) -> list[str]:
    return [line.split(",")[REFERENCE] for line in listing.splitlines()[1:-1]]


def _runs_alone(host: Host, code: str) -> bool:
    return DESTRUCTION.of(host.jurisdictions.jurisdiction(code)).runs_alone
