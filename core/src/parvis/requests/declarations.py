"""The declarations that requests are pinned to: kept by digest, whether or not their plugin is still there."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

import structlog
from msgspec import MsgspecError

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Declaration
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.troubles import one_line
from parvis_sdk.request_types import PARTS, RequestType, dump_type, load_type

T = TypeVar("T")
log = structlog.get_logger("parvis.requests")
NOT_AS_DECLARED = (LookupError, ValueError, TypeError, MsgspecError)


class PinnedType(NamedTuple):
    """A request type as requests are pinned to it: the whole declaration as JSON, and its digest."""

    request_type: RequestType
    digest: str
    body: str


@dataclass(frozen=True)
class Declarations:
    """Those that this process has read, by digest, and the types that are offered, by code."""

    by_digest: dict[str, RequestType] = field(default_factory=dict)  # immutable, so never stale
    kept: set[str] = field(default_factory=set)  # committed: what was read in a transaction may go with it
    pinned: dict[str, PinnedType] = field(default_factory=dict)


@dataclass(frozen=True)
class Unreadable:
    """References of requests whose row does not fit their declaration, as far as this process has come across them."""

    references: set[str] = field(default_factory=set)


async def each_readable(
    host: Host, rows: Iterable[dict[str, Any]], read: Callable[[dict[str, Any]], Awaitable[T]]
) -> list[T]:
    """What `read` makes of each row of `service_request`, without those that it stumbles over.

    A request in a state that its type never had is left out by itself and named in the log, once in each process.
    """
    broken, found = host.of(Unreadable).references, []
    for row in rows:
        try:
            found.append(await read(row))
        except NOT_AS_DECLARED as error:
            if row["reference"] not in broken:
                broken.add(row["reference"])
                log.error("a request cannot be read", reference=row["reference"], trouble=one_line(error))
        else:
            broken.discard(row["reference"])
    return found


async def type_of_record(host: Host, record: Record) -> RequestType:
    """The declaration that the request was made with, whether or not its plugin is still there."""
    return await declaration(host, record.declaration)


async def declaration(host: Host, digest: str) -> RequestType:
    """A pinned declaration by its digest."""
    by_digest = host.of(Declarations).by_digest
    if digest not in by_digest:
        brought = {kind.word: kind.noun for kind in host.modules.registry.part_kinds()}
        by_digest[digest] = load_type(await declared(digest), PARTS | brought)
    return by_digest[digest]


async def declared(digest: str) -> str:
    """A pinned declaration as it is kept: the text that its digest is of."""
    rows = await Declaration.select(Declaration.body).where(Declaration.digest == digest)
    return str(rows[0]["body"])


def pinned_as(host: Host, request_type: RequestType) -> PinnedType:
    """The whole declaration as it is kept, and its digest; outside of transactions, for it takes a moment."""
    known = host.of(Declarations).pinned
    pinned = known.get(request_type.code)
    if pinned is None or pinned.request_type is not request_type:
        body = dump_type(request_type)
        pinned = known[request_type.code] = PinnedType(request_type, hashlib.sha256(body).hexdigest(), body.decode())
    return pinned


async def pin(host: Host, pinned: PinnedType) -> None:
    """Inside a transaction: keep this declaration if it is new."""
    if pinned.digest in host.of(Declarations).kept:
        return
    maker = host.plugins.plugin_of(pinned.request_type.code)
    row = Declaration(
        digest=pinned.digest,
        code=pinned.request_type.code,
        version=pinned.request_type.version,
        plugin=maker,
        distribution=host.plugins.by_name[maker].origin.distribution if maker else "",
        body=pinned.body,
        made_at=clock.now(),
    )
    await Declaration.insert(row).on_conflict(target=Declaration.digest, action="DO NOTHING")


async def keep_pinned(host: Host, pinned: PinnedType) -> None:
    """Keep this declaration if it is new, for what is typed before there is a request: in its own transaction."""
    if pinned.digest not in host.of(Declarations).kept:
        async with transaction(host.engine):
            await pin(host, pinned)
        remember(host, pinned)


async def declaration_kept(host: Host, digest: str) -> RequestType | None:
    """A declaration by its digest, where it was kept."""
    if digest in host.of(Declarations).kept or await Declaration.exists().where(Declaration.digest == digest):
        return await declaration(host, digest)
    return None


def remember(host: Host, pinned: PinnedType) -> None:
    """After the transaction: from now on this declaration is known to be kept."""
    host.of(Declarations).by_digest[pinned.digest] = pinned.request_type
    host.of(Declarations).kept.add(pinned.digest)


def is_offered(host: Host, record: Record) -> bool:
    """Whether the plugin that declares this kind of request is still installed."""
    return bool(host.plugins.plugin_of(record.type))
