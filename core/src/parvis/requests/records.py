"""Rows of requests as structs, and the declarations they are pinned to."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db import held
from parvis.db.tables import Row, ServiceRequest
from parvis.requests.references import normalise
from parvis_sdk.cleaning import clean
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase, Place
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis.requests.host import Host

ENDED = (Phase.DECIDED, Phase.CLOSED)
MERGED = Text(fr="Jointe à une autre requête", en="Joined to another request")


class Record(Struct, frozen=True, kw_only=True):
    """One request as it stands: every column, with JSON read."""

    id: UUID
    reference: str
    jurisdiction: str
    type: str
    theme: str
    declaration: str
    version: int
    language: str
    channel: str
    identity: str
    state: str
    phase: Phase
    unit: str
    assignee: UUID | None
    zone: str
    public: bool
    answers: dict[str, Any]
    place: Place | None
    address: str
    lon: float | None
    lat: float | None
    submitted_at: datetime
    updated_at: datetime
    state_since: datetime
    closed_at: datetime | None
    decided_at: datetime | None
    settled: str | None
    promised_at: datetime | None
    promise: str
    timer_due_at: datetime | None
    retention_due_at: datetime | None
    erased_at: datetime | None
    entries: int
    last_hash: str
    external_references: dict[str, str]
    holder_since: datetime | None = None
    holders: int = 0
    priority: int = 0
    excluded_agents: tuple[str, ...] = ()
    follow_up_at: datetime | None = None
    handling_time: int | None = None
    target_time: int | None = None
    days_promised: int | None = None
    days_needed: int | None = None
    first_answer_at: datetime | None = None
    first_response_time: int | None = None
    reopened: int | None = 0
    reopened_at: datetime | None = None
    undone: int | None = 0
    settled_at: datetime | None = None
    merged_into: UUID | None = None
    duplicates: int = 0
    public_address: str | None = None
    words_published: str = ""
    hidden_at: datetime | None = None

    @property
    def is_late(self) -> bool:
        """Whether something is owed: the promise is broken or past its date, and the request not yet decided."""
        if self.promise == "missed":
            return self.phase not in (Phase.DECIDED, Phase.CLOSED)
        return self.promise == "running" and self.promised_at is not None and self.promised_at < clock.now()


STORED_AS = {
    "excluded_agents": "kept_from",
    "handling_time": "took",
    "target_time": "allowed",
    "first_response_time": "answered_in",
}
"""Columns whose field goes by another word: what is stored keeps its name."""
FIELDS = Record.__struct_fields__
COLUMNS = tuple(STORED_AS.get(name, name) for name in FIELDS)
IN_THEIR_ORDER = itemgetter(*COLUMNS)
JSON_COLUMNS = {
    "answers": dict[str, Any],
    "place": Place | None,
    "external_references": dict[str, str],
    "excluded_agents": tuple[str, ...],
}
READERS = {name: msgspec.json.Decoder(kind).decode for name, kind in JSON_COLUMNS.items()}


def record_of(row: Mapping[str, Any]) -> Record:
    """The struct of one row."""
    values = dict(zip(FIELDS, IN_THEIR_ORDER(row), strict=True))
    for name, read in READERS.items():
        values[name] = read(values[name]) if values[name] else None
    values["phase"] = Phase(values["phase"])
    return Record(**values)


def as_columns(values: Mapping[str, Any]) -> Row:
    """Values of fields of a record under the names of their columns."""
    return {STORED_AS.get(name, name): value for name, value in values.items()}


def as_json(value: Any) -> str:
    """A value as the text of a JSON column, the same for the same value."""
    return msgspec.json.encode(value, order="deterministic").decode()


async def is_kept(jurisdiction: str, column: str, value: str) -> bool:
    """Whether a request of the town has this value in a column, even if the caller may not see it."""
    sought = getattr(ServiceRequest, column) == clean(value)
    return bool(await ServiceRequest.exists().where(sought & (ServiceRequest.jurisdiction == jurisdiction)))


async def find(host: "Host", typed: str) -> Record | None:
    """The request of a reference, however it was typed."""
    reference = normalise(typed)
    if reference is None:
        return None
    rows = await ServiceRequest.select().where(ServiceRequest.reference == reference)
    return record_of(rows[0]) if rows else None


async def get(host: "Host", id: UUID) -> Record:
    """The request of an id that is known to exist."""
    rows = await ServiceRequest.select().where(ServiceRequest.id == id)
    return record_of(rows[0])


async def those_of(scopes: Iterable[Scope], references: Collection[str]) -> frozenset[str]:
    """Those of these references that name requests in any of these scopes."""
    conditions = [scope.condition("") for scope in scopes]
    if not references or not conditions:
        return frozenset()
    either = " OR ".join(f"({sql})" for sql, _ in conditions)
    named = ", ".join(["{}"] * len(references))
    rows = await ServiceRequest.raw(
        f"SELECT reference FROM service_request WHERE reference IN ({named}) AND ({either})",  # noqa: S608 - ours
        *sorted(references),
        *(value for _, values in conditions for value in values),
    )
    return frozenset(row["reference"] for row in rows)


async def get_each(ids: Collection[UUID]) -> dict[UUID, Record]:
    """The requests of these ids, in one statement."""
    rows = await ServiceRequest.select().where(ServiceRequest.id.is_in(list(ids))) if ids else ()
    return {row["id"]: record_of(row) for row in rows}


async def records_of(references: Collection[str]) -> tuple[Record, ...]:
    """The requests of these references, in whichever town, the oldest first; one statement."""
    if not references:
        return ()
    named = ServiceRequest.reference.is_in(sorted(references))
    return tuple(map(record_of, await ServiceRequest.select().where(named).order_by(ServiceRequest.id)))


async def locked(host: "Host", typed: str) -> Record | None:
    """The request of a reference, inside a transaction, nobody else changing it until it ends."""
    reference = normalise(typed)
    if reference is None:
        return None
    rows = await held(ServiceRequest.select().where(ServiceRequest.reference == reference), host.engine)
    return record_of(rows[0]) if rows else None


async def both_locked(host: "Host", typed: str, other: str) -> tuple[Record | None, Record | None]:
    """The requests of two references, always locked in the same order, so that no two wait for each other."""
    found = await all_locked(host, (typed, other))
    return found.get(normalise(typed) or ""), found.get(normalise(other) or "")


async def locked_if_free(host: "Host", references: Collection[str]) -> dict[str, Record]:
    """Those of these requests that nobody else is changing, locked by one statement, by their references."""
    if not references:
        return {}
    rows = ServiceRequest.select().where(ServiceRequest.reference.is_in(sorted(references))).order_by(ServiceRequest.id)
    return {row["reference"]: record_of(row) for row in await held(rows, host.engine, skips=True)}


async def all_locked(host: "Host", typed: Iterable[str]) -> dict[str, Record]:
    """The same of several, locked by one statement, by their references."""
    named = [each for each in map(normalise, typed) if each is not None]
    rows = ServiceRequest.select().where(ServiceRequest.reference.is_in(named)).order_by(ServiceRequest.id)
    return {row["reference"]: record_of(row) for row in (await held(rows, host.engine) if named else ())}


def state_title(record: Record, request_type: RequestType) -> Text:
    """What its state is called; of one that goes on with another, that it does."""
    return MERGED if record.merged_into is not None else request_type.workflow.state(record.state).title
