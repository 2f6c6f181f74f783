"""Rows of a call that were sent before: each is done once, and answered again as it was at first."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.requests.history import Entry, entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_bulk_actions.tables import WrittenRow

KEPT = timedelta(days=7)  # as long as the idempotency keys of single calls


class RowResult(Struct, frozen=True, kw_only=True):
    """What a row did: the version of its request and its state then. Version 0 while it is not known."""

    version: int
    state: str

    @property
    def is_known(self) -> bool:
        return self.version > 0


def mark_of(town: str, token: str, row: Struct) -> str:
    """By which a row is known again: what it says, by whom and where."""
    said = msgspec.json.encode(row, order="deterministic")
    return sha256(f"{town}\n{token}\n".encode() + said).hexdigest()


async def begin(host: Host, marks: Iterable[str]) -> dict[str, RowResult]:
    """Keep that these rows are begun; those among them that were begun before, with what they did."""
    wanted = sorted({*marks})
    async with transaction(host.engine):
        rows = await WrittenRow.select().where(WrittenRow.mark.is_in(wanted))
        known = {row["mark"]: RowResult(version=row["version"], state=row["state"]) for row in rows}
        now = clock.now()
        if new := [WrittenRow(mark=each, at=now) for each in wanted if each not in known]:
            await WrittenRow.insert(*new).on_conflict(target=WrittenRow.mark, action="DO NOTHING")
    return known


async def settle(host: Host, done: Mapping[str, RowResult], failed: Iterable[str]) -> None:
    """Keep what rows did; those that failed may be sent again."""
    over, now = sorted({*failed}), clock.now()
    async with transaction(host.engine):
        if over:
            await WrittenRow.delete().where(WrittenRow.mark.is_in(over) & (WrittenRow.version == 0))
        if done:
            # The same call may be answered twice at the same time.
            rows = [
                WrittenRow(mark=mark, version=each.version, state=each.state, at=now) for mark, each in done.items()
            ]
            kept = [WrittenRow.version, WrittenRow.state, WrittenRow.at]
            await WrittenRow.insert(*rows).on_conflict(target=WrittenRow.mark, action="DO UPDATE", values=kept)


async def result_of(record: Record, token: str, version: int, deed: str, body: Mapping[str, Any]) -> RowResult | None:
    """What a row did whose end nobody kept: the change that followed this version, where it is by the token and says
    what the row says. In doubt none: a row that was not done must never be answered as done."""
    entries = await entries_of(record)
    place = len(entries) - (record.version - version)
    if not (version < record.version and place >= 0):
        return None
    entry = entries[place]
    if entry.actor.id != token or not SAYS[deed](entry, body):
        return None
    return RowResult(version=version + 1, state=str(entry.body.get("target", record.state)))


def _says_words(kind: str, entry: Entry, body: Mapping[str, Any]) -> bool:
    return entry.kind == kind and str((entry.personal or {}).get("words")).split() == str(body.get("words")).split()


SAYS: dict[str, Callable[[Entry, Mapping[str, Any]], bool]] = {
    "move": lambda entry, body: entry.kind == "moved" and entry.body["transition"] == body.get("transition"),
    "assign": lambda entry, body: entry.kind == "assigned" and entry.body["unit"] == body.get("unit"),
    "note": partial(_says_words, "note"),
    "message": partial(_says_words, "reply"),
    "correct": lambda entry, body: False,  # what was meant cannot be told from what became of it
}


async def forget_repeats(host: Host) -> int:
    """Old rows go; how many went."""
    async with transaction(host.engine):
        gone = await WrittenRow.delete().where(WrittenRow.at < clock.now() - KEPT).returning(WrittenRow.mark)
    return len(gone)
