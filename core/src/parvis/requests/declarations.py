"""The declarations that requests are pinned to: kept by digest, whether or not their plugin is still there."""

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Declaration
from parvis.requests.heart import Heart
from parvis.requests.records import Record
from parvis_sdk.request_types import PARTS, RequestType, dump_type, load_type


class PinnedType(NamedTuple):
    """A request type as requests are pinned to it: the whole declaration as JSON, and its digest."""

    kind: RequestType
    digest: str
    body: str


@dataclass(frozen=True)
class Declarations:
    """Those that this process has read, by digest, and the types that are offered, by code."""

    by_digest: dict[str, RequestType] = field(default_factory=dict)  # immutable, so never stale
    pinned: dict[str, PinnedType] = field(default_factory=dict)


async def type_of_record(heart: Heart, record: Record) -> RequestType:
    """The declaration that the request was made with, whether or not its plugin is still there."""
    return await declaration(heart, record.declaration)


async def declaration(heart: Heart, digest: str) -> RequestType:
    """A pinned declaration by its digest."""
    by_digest = heart.of(Declarations).by_digest
    if digest not in by_digest:
        brought = {kind.word: kind.noun for kind in heart.modules.registry.part_kinds()}
        by_digest[digest] = load_type(await declared(digest), PARTS | brought)
    return by_digest[digest]


async def declared(digest: str) -> str:
    """A pinned declaration as it is kept: the text that its digest is of."""
    rows = await Declaration.select(Declaration.body).where(Declaration.digest == digest)
    return str(rows[0]["body"])


def pinned_as(heart: Heart, kind: RequestType) -> PinnedType:
    """The whole declaration as it is kept, and its digest; outside of transactions, for it takes a moment."""
    known = heart.of(Declarations).pinned
    pinned = known.get(kind.code)
    if pinned is None or pinned.kind is not kind:
        body = dump_type(kind)
        pinned = PinnedType(kind, hashlib.sha256(body).hexdigest(), body.decode())
        known[kind.code] = pinned
    return pinned


async def pin(heart: Heart, pinned: PinnedType) -> None:
    """Inside a transaction: keep this declaration if it is new."""
    if pinned.digest in heart.of(Declarations).by_digest:
        return
    maker = heart.house.plugin_of(pinned.kind.code)
    row = Declaration(
        digest=pinned.digest,
        code=pinned.kind.code,
        version=pinned.kind.version,
        plugin=maker,
        distribution=heart.house.plugins[maker].origin.distribution if maker else "",
        body=pinned.body,
        made_at=clock.now(),
    )
    await Declaration.insert(row).on_conflict(target=Declaration.digest, action="DO NOTHING")


async def keep_pinned(heart: Heart, pinned: PinnedType) -> None:
    """Keep this declaration if it is new, for what is typed before there is a request: in its own transaction."""
    if pinned.digest not in heart.of(Declarations).by_digest:
        async with transaction(heart.engine):
            await pin(heart, pinned)
        remember(heart, pinned)


async def declaration_kept(heart: Heart, digest: str) -> RequestType | None:
    """A declaration by its digest, where it was kept."""
    known = digest in heart.of(Declarations).by_digest
    if not known and not await Declaration.exists().where(Declaration.digest == digest):
        return None
    return await declaration(heart, digest)


def remember(heart: Heart, pinned: PinnedType) -> None:
    """After the transaction: from now on this declaration is known to be kept."""
    heart.of(Declarations).by_digest[pinned.digest] = pinned.kind


def is_offered(heart: Heart, record: Record) -> bool:
    """Whether the plugin that declares this kind of request is still installed."""
    return bool(heart.house.plugin_of(record.type))
