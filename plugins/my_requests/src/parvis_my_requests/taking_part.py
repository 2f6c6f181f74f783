"""Requests of others in which an address has a role: those that somebody was let into."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.requests.declarations import declaration, each_readable
from parvis.requests.host import Host
from parvis.requests.records import Record, record_of, state_title
from parvis_sdk.text import Text

TAKING_PART = """
SELECT p.id AS party, p.role, p.let_in_at, r.* FROM party p JOIN service_request r ON r.id = p.request
WHERE p.email = {} AND r.jurisdiction = {} AND p.ended_at IS NULL AND p.until > {} AND r.erased_at IS NULL
AND (r.holder_since IS NULL OR p.let_in_at >= r.holder_since)
ORDER BY p.let_in_at DESC, p.id DESC LIMIT 500"""


class TakesPart(Struct, frozen=True, kw_only=True):
    """One request of somebody else, with the role held in it."""

    party: UUID
    record: Record
    title: Text
    state_title: Text
    role: Text
    since: datetime


async def taking_part(host: Host, jurisdiction: str, email: str) -> tuple[TakesPart, ...]:
    """Where this address still has access, the latest first; one statement."""
    rows = await ServiceRequest.raw(TAKING_PART, email.lower(), jurisdiction, clock.now())

    async def read(row: Any) -> TakesPart:
        record = record_of(row)
        kind = await declaration(host, record.declaration)
        role = kind.party(row["role"])
        return TakesPart(
            party=UUID(str(row["party"])),
            record=record,
            title=kind.title,
            state_title=state_title(record, kind),
            role=role.title if role else Text(fr=row["role"]),
            since=row["let_in_at"],
        )

    return tuple(await each_readable(host, rows, read))
