"""Rows of a call that were sent before: each is done once, and answered again as it was at first."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.requests.history import entries_of
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
    over, now = sorted({*done, *failed}), clock.now()
    async with transaction(host.engine):
        if over:
            await WrittenRow.delete().where(WrittenRow.mark.is_in(over))
        if done:
            kept: list[dict[str, Any]] = [
                {"mark": mark, "version": each.version, "state": each.state, "at": now} for mark, each in done.items()
            ]
            await insert_values(WrittenRow, *kept)


async def came_through(record: Record, token: str, version: int) -> bool:
    """Whether the change that followed this version is by the token: then a row whose end nobody kept was done."""
    entries = await entries_of(record)
    place = len(entries) - (record.version - version)
    return version < record.version and place >= 0 and entries[place].actor.id == token


async def forget_repeats(host: Host) -> int:
    """Old rows go; how many went."""
    async with transaction(host.engine):
        gone = await WrittenRow.delete().where(WrittenRow.at < clock.now() - KEPT).returning(WrittenRow.mark)
    return len(gone)
