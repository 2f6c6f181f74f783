"""Destroying what is in the store once nobody needs it: files taken back, and contents that no row knows."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog

from parvis import clock
from parvis.db import transaction
from parvis.db.migrating import ahead
from parvis.db.tables import Attachment as AttachmentRow
from parvis.requests.attached.attachments import id_of
from parvis.requests.erasure_rules import needed_among
from parvis.requests.host import Host
from parvis_sdk.file_stores import PARTS, FilesAway

log = structlog.get_logger("parvis.files")
CONTENTS = (AttachmentRow.digest, AttachmentRow.small)


async def discard(host: Host, holder: str, id: str) -> None:
    """Take a waiting file back."""
    async with transaction(host.engine):
        rows = (
            await AttachmentRow.delete()
            .where(AttachmentRow.holder == holder, AttachmentRow.request.is_null(), AttachmentRow.id == id_of(id))
            .returning(*CONTENTS)
        )
    await drop_unused(host, contents_in(rows))


async def drop_unused(host: Host, digests: Collection[str]) -> int:
    """Destroy the contents that nobody needs any more; how many. Outside of units, after the rows are gone.

    A sender of the same content at that very moment keeps it: it is set aside first, then asked about once more. What
    a store that is away keeps for now is a stray: the file was taken back, or its request erased.
    """
    dropped = 0
    for digest in digests:
        try:
            dropped += await _dropped(host, digest)
        except FilesAway as trouble:
            log.warning("contents that nobody needs wait for the store", trouble=str(trouble))
            break
    return dropped


async def _dropped(host: Host, digest: str) -> bool:
    if await _is_needed(host, digest):
        return False
    await asyncio.to_thread(host.files.set_aside, digest)
    if await _is_needed(host, digest):
        await asyncio.to_thread(host.files.bring_back, digest)
        return False
    await asyncio.to_thread(host.files.drop, digest)
    return True


async def _is_needed(host: Host, digest: str) -> bool:
    return bool(await needed_among(host, (digest,)))


def contents_in(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    """The digests of everything that these rows (of `CONTENTS`) need."""
    return {row[column] for row in rows for column in ("digest", "small")} - {""}


async def drop_strays(host: Host, before: datetime) -> int:
    """Destroy contents that no row knows, in one part of the store each hour: left by a process that ended midway.

    While a later version has been at the database nobody here knows all columns that may name one.
    """
    part = int(clock.now().timestamp() // 3600) % PARTS
    found = set(await asyncio.to_thread(host.files.kept_before, part, before))
    if not found or await ahead(host.engine, host.modules.registry):
        return 0
    return await drop_unused(host, found)
