"""Requests that were told and are no longer there: each once more, as a tombstone with its reference alone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.db import insert_values
from parvis.requests.host import Host
from parvis_changes.tables import RemovedRequest

TOLD = """SELECT r.id AS request, r.jurisdiction, r.reference, r.unit, r.zone, r.type
FROM service_request r JOIN numbered_change n ON n.request = r.id WHERE r.id = {}"""
NEW = "SELECT request FROM removed_request WHERE number = 0 LIMIT 1"
STILL_THERE = """DELETE FROM removed_request WHERE number = 0
AND request IN (SELECT id FROM service_request) RETURNING request"""
"""Those that were erased: the request itself is its tombstone."""
NUMBER = """INSERT INTO removed_request (request, jurisdiction, reference, unit, zone, type, removed_at, number)
SELECT request, jurisdiction, reference, unit, zone, type, removed_at,
{} + row_number() OVER (ORDER BY removed_at, request)
FROM (SELECT * FROM removed_request WHERE number = 0 ORDER BY removed_at, request LIMIT {}) AS news WHERE true
ON CONFLICT (request) DO UPDATE SET number = excluded.number RETURNING number"""
PAGE = """SELECT number, reference, removed_at FROM removed_request
WHERE number > {{}} AND {seen} ORDER BY number LIMIT {{}}"""


class Removed(Struct, frozen=True, kw_only=True):
    """A request that is gone, by the number of that change."""

    number: int
    reference: str
    removed_at: datetime


async def note_removal(host: Host, request: UUID) -> None:
    """Inside the transaction in which a request goes: keep its reference, where somebody may have a copy of it."""
    rows: list[dict[str, Any]] = await RemovedRequest.raw(TOLD, request)
    for row in rows:
        there = await RemovedRequest.exists().where(RemovedRequest.request == request)
        if not there:
            await insert_values(RemovedRequest, row | {"removed_at": clock.now(), "number": 0})


async def is_any_new() -> bool:
    """Whether some have no number yet."""
    return bool(await RemovedRequest.raw(NEW))


async def number_removed(last: int, most: int) -> int:
    """Number the removed requests, inside the reader's transaction; returns how many got a number."""
    await RemovedRequest.raw(STILL_THERE)
    return len(await RemovedRequest.raw(NUMBER, last, most))


async def removed_since(seen: Condition, number: int, most: int) -> list[Removed]:
    """What is gone since that number, in the order of numbers, of what could be `seen`."""
    condition, values = seen
    rows = await RemovedRequest.raw(PAGE.format(seen=condition), number, *values, most)
    return [
        Removed(number=row["number"], reference=row["reference"], removed_at=as_moment(row["removed_at"]))
        for row in rows
    ]


def as_moment(value: datetime | str) -> datetime:
    """A moment as either engine gives it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value
