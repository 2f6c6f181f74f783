"""What a pack is about: a town, its units, a period; and the requests in it, each with its whole history."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.clocks.clocks import Clock, clock_of
from parvis.requests.history import Entry, covered, entry_of, linked
from parvis.requests.host import Host
from parvis.requests.records import Record, record_of
from parvis.requests.timeline import request_types_at
from parvis_sdk.request_types import RequestType

TOGETHER = 200


class Audit(Struct, frozen=True, kw_only=True):
    """Days of the town, both included, and the same as instants; `units` None is all of them.

    `may_see` says which requests the person asking may have; `over` are the units of that right, none for the whole
    town.
    """

    town: Jurisdiction
    unit: str
    units: frozenset[str] | None
    first: date
    last: date
    since: datetime
    until: datetime
    made_at: datetime
    made_by: str
    may_see: Callable[[Record], bool]
    over: tuple[str, ...] = ()


class Line(Struct, frozen=True, kw_only=True):
    """One entry, and exactly what its hash was made of, with that hash."""

    entry: Entry
    covered: dict[str, Any]


class History(Struct, frozen=True, kw_only=True):
    """One request with every entry since it came in, its clocks, and where everybody may know it to be.

    `request_types` is the declaration under which each entry was written.
    """

    record: Record
    lines: tuple[Line, ...]
    request_types: Mapping[int, RequestType]
    clocks: tuple[Clock, ...]
    place: tuple[float, float] | None

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(line.entry for line in self.lines)

    @property
    def declarations(self) -> frozenset[str]:
        """The digest of every declaration that it was under."""
        before = (entry.body.get("declaration_before") for entry in self.entries)
        return frozenset({self.record.declaration, *(str(digest) for digest in before if digest)})


async def histories(host: Host, audit: Audit) -> AsyncIterator[tuple[History, ...]]:
    """The requests that the units had at any time and that were there in the period, in the order they came in."""
    after: tuple[datetime, UUID] | None = None
    while rows := await _page(audit, after):
        after = rows[-1]["submitted_at"], rows[-1]["id"]
        lines, clocks = await _lines(rows), await _clocks(rows)
        read = [await _history(host, row, lines.get(row["id"], []), clocks.get(row["id"], [])) for row in rows]
        yield tuple(each for each in read if belongs(audit, each))


async def _page(audit: Audit, after: tuple[datetime, UUID] | None) -> list[dict[str, Any]]:
    table = ServiceRequest
    wanted = (table.jurisdiction == audit.town.code) & (table.submitted_at < audit.until)
    wanted &= table.closed_at.is_null() | (table.updated_at >= audit.since)
    if after is not None:
        at, id = after
        wanted &= table.submitted_at >= at  # where the index is entered
        wanted &= (table.submitted_at > at) | ((table.submitted_at == at) & (table.id > id))
    rows: list[dict[str, Any]] = (
        await table.select().where(wanted).order_by(table.submitted_at, table.id).limit(TOGETHER)
    )
    return rows


async def _lines(rows: list[dict[str, Any]]) -> dict[UUID, list[Line]]:
    """The entries of these requests, none that was written after their rows were read."""
    known = {row["id"]: row["entries"] for row in rows}
    entries = await EntryRow.select().where(EntryRow.request.is_in(list(known))).order_by(EntryRow.number)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for entry in entries:
        if entry["number"] <= known[entry["request"]]:
            found.setdefault(entry["request"], []).append(entry)
    return {request: [_line(entry) for entry in linked(of_one)] for request, of_one in found.items()}


def _line(row: dict[str, Any]) -> Line:
    without_words = entry_of(row | {"personal": None})  # nothing that was said leaves with a pack
    return Line(entry=without_words, covered={**covered(row), "hash": row["hash"]})


async def _clocks(rows: list[dict[str, Any]]) -> dict[UUID, list[Clock]]:
    ids = [row["id"] for row in rows]
    found: dict[UUID, list[Clock]] = {}
    for row in await ClockRow.select().where(ClockRow.request.is_in(ids)).order_by(ClockRow.id):
        found.setdefault(row["request"], []).append(clock_of(row))
    return found


async def _history(host: Host, row: dict[str, Any], lines: list[Line], clocks: list[Clock]) -> History:
    record = record_of(row)
    return History(
        record=record,
        lines=tuple(lines),
        request_types=await request_types_at(host, record, tuple(line.entry for line in lines)),
        clocks=tuple(clocks),
        place=None if row["public_lon"] is None else (row["public_lon"], row["public_lat"]),
    )


def belongs(audit: Audit, history: History) -> bool:
    """Whether one of the units held it at some time, also if it was given away since, and it may be seen."""
    if not audit.may_see(history.record):
        return False
    if audit.units is None:
        return True
    held = {history.record.unit} | {unit for entry in history.entries for unit in units_named(entry.body)}
    return not held.isdisjoint(audit.units)


def units_named(body: dict[str, Any]) -> tuple[str, str]:
    """The unit that an entry gave the request to, and the one that had it before; "" where it names none."""
    before = body.get("before")
    was = before.get("unit", "") if isinstance(before, dict) else ""
    return str(body.get("unit", "")), str(was)
