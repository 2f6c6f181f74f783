"""The append-only history of a request: each entry's hash covers the one before it.

What is personal in an entry stands apart, covered by a salted digest, so that erasure breaks no chain. The hash of the
one before is written there alone; entries from before 2 December 2026 repeat it, and it must be the same.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.clock import as_utc
from parvis.db import insert_values
from parvis.db.tables import Entry as EntryRow
from parvis.db.tables import SearchableWords
from parvis.identifiers import new_id
from parvis.requests.actors import Actor
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record, as_json
from parvis_sdk.text_normalisation import fold

Audience = Literal[
    "public", "requester", "personal", "sensitive", "internal", "colleagues", "restricted", "deciding", "opinion"
]
"""Anyone; the requester and the town's people; the same, protected as personal or as sensitive answers are; the town's
people and machines; those of them who may see persons; those who may reveal; those who decide on the request; nobody
here, for an opinion has pages of its own."""
READ_BY_STAFF = ("public", "requester", "internal")  # by every one of them who sees the request
MOST_FOUND_BY = 8000  # letters of one message
FIRST = "0" * 64


class Entry(Struct, frozen=True, kw_only=True):
    """One line of history. `body` is structure, `personal` the words, gone after erasure."""

    id: UUID
    request: UUID
    number: int
    at: datetime
    kind: str
    actor: Actor
    audience: Audience
    body: dict[str, Any]
    personal: dict[str, Any] | None
    personal_digest: str
    previous_hash: str
    hash: str


def files_named(entry: Entry) -> tuple[str, ...]:
    """The ids of the files that came with what an entry tells; an erasure counts what is gone by the same word."""
    files = entry.body.get("files")
    return tuple(files) if isinstance(files, list) else ()


class Line(Struct, frozen=True, kw_only=True):
    """What is to be written as the next entry."""

    kind: str
    audience: Audience
    body: dict[str, Any] = {}
    personal: dict[str, Any] | None = None


async def append(id: UUID, number: int, previous_hash: str, line: Line, actor: Actor, at: datetime) -> str:
    """Inside a transaction: write entry `number` of request `id` and answer its hash."""
    personal = as_json({**line.personal, "salt": secrets.token_hex(16)}) if line.personal else None
    digest = hashlib.sha256(personal.encode()).hexdigest() if personal else ""
    row = {
        "id": new_id(),
        "request": id,
        "number": number,
        "at": at,
        "kind": line.kind,
        "actor_kind": actor.kind,
        "actor_id": actor.id[:60],
        "actor_name": actor.name[:120],
        "audience": line.audience,
        "body": as_json(line.body),
        "personal": personal,
        "personal_digest": digest,
        "previous_hash": previous_hash or FIRST,
    }
    hash = _hash(row)
    await insert_values(EntryRow, row | {"previous_hash": "", "hash": hash})
    words = str((line.personal or {}).get("words") or "")
    if words and line.audience in READ_BY_STAFF:
        await insert_values(SearchableWords, {"id": row["id"], "request": id, "text": fold(words)[:MOST_FOUND_BY]})
    return hash


async def entries_of(record: Record) -> tuple[Entry, ...]:
    """The whole history of a request, oldest first."""
    rows = await EntryRow.select().where(EntryRow.request == record.id).order_by(EntryRow.number)
    return tuple(entry_of(row) for row in linked(rows))


def linked(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows of one whole history, the oldest first, each with the hash of the one before."""
    previous = FIRST
    for row in rows:
        yield row | {"previous_hash": row["previous_hash"] or previous}
        previous = row["hash"]


WHOLE = """
SELECT e.*, r.entries AS entries_known, r.last_hash AS hash_known, r.erased_at
FROM service_request r LEFT JOIN entry e ON e.request = r.id WHERE r.id = {} ORDER BY e.number"""
"""The history and what the request says of it, as they stood at one moment: others may be writing."""


async def broken_at(record: Record) -> int | None:
    """The number of the first entry that was altered, lost or added from outside; None when the chain is whole."""
    return _broken_at(await EntryRow.raw(WHOLE, record.id))


async def checked_history(record: Record) -> tuple[tuple[Entry, ...], int | None]:
    """The whole history, oldest first, and where its chain is broken, in one statement."""
    rows = await EntryRow.raw(WHOLE, record.id)
    return tuple(entry_of(row) for row in linked(rows) if row["number"] is not None), _broken_at(rows)


def _broken_at(rows: list[dict[str, Any]]) -> int | None:
    previous, last = FIRST, rows[0]
    entries = [row for row in rows if row["number"] is not None]
    for number, row in enumerate(linked(entries), start=1):
        if row["number"] != number or row["previous_hash"] != previous or not _is_as_written(row):
            return number
        previous = row["hash"]
    whole = len(entries) == last["entries_known"] and previous == (last["hash_known"] or FIRST)
    return None if whole else len(entries) + 1


def _is_as_written(row: dict[str, Any]) -> bool:
    if row["hash"] != _hash(row):
        return False
    if row["personal"] is None:  # only an erasure takes it away
        return not row["personal_digest"] or row["erased_at"] is not None
    return bool(hashlib.sha256(row["personal"].encode()).hexdigest() == row["personal_digest"])


def _hash(row: dict[str, Any]) -> str:
    return hashlib.sha256(as_json(covered(row)).encode()).hexdigest()


def covered(row: dict[str, Any]) -> dict[str, Any]:
    """What the hash of an entry covers: all of its row as `linked` has it, its words by their digest."""
    return {
        "id": str(row["id"]),
        "request": str(row["request"]),
        "number": row["number"],
        "at": as_utc(row["at"]).isoformat(),
        "kind": row["kind"],
        "actor": [row["actor_kind"], row["actor_id"], row["actor_name"]],
        "audience": row["audience"],
        "body": row["body"],
        "personal": row["personal_digest"],
        "previous": row["previous_hash"],
    }


def entry_of(row: dict[str, Any]) -> Entry:
    """The struct of one row; of one that is not `linked`, without the hash of the one before."""
    personal = msgspec.json.decode(row["personal"]) if row["personal"] else None
    return Entry(
        id=row["id"],
        request=row["request"],
        number=row["number"],
        at=row["at"],
        kind=row["kind"],
        actor=Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"]),
        audience=row["audience"],
        body=msgspec.json.decode(row["body"]),
        personal=personal,
        personal_digest=row["personal_digest"],
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )


ERASURE = ErasureRule(personal=(Personal(table="entry", blank={"personal": None}), Personal(table="said")))
"""The chain stays whole: what is gone was covered by digests."""
