"""Receiving a file: judged by its content, written anew where it is a picture, kept until a request takes it."""

import asyncio

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Attachment as AttachmentRow
from parvis.identifiers import new_id
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.attachments import MEGABYTE, MOST_BYTES, attachment_of
from parvis.requests.attached.examining import examined
from parvis.requests.attached.naming import plain_name
from parvis.requests.heart import Heart
from parvis_sdk.fields import DOCUMENT_KINDS
from parvis_sdk.problems import Problem, problem
from parvis_sdk.requests import Attachment

MOST_WAITING = 40
MOST_TOGETHER = 100 * MEGABYTE  # of what waits for one demand, as it is kept


async def receive_file(
    heart: Heart,
    holder: str,
    field: str,
    name: str,
    content: bytes,
    *,
    kinds: tuple[str, ...] = DOCUMENT_KINDS,
    max_size: int = MOST_BYTES,
) -> Attachment | Problem:
    """Keep a file that waits for a demand under `holder`, or say in a sentence that names it why not.

    Pictures are written anew: upright, reduced, without their metadata. With an antivirus, what was received is held
    until a worker has had it scanned.
    """
    shown = plain_name(name)
    guard = heart.of(UploadGuard).scanner
    most = min(max_size, guard.most) if guard else max_size
    if len(content) > most:
        return problem("file_size", field, name=shown, limit=most // MEGABYTE)
    waits = AttachmentRow.select(AttachmentRow.size).where(
        AttachmentRow.holder == holder, AttachmentRow.request.is_null()
    )
    if len(await waits) >= MOST_WAITING:
        return problem("too_much", field)
    made = await examined(content, shown, kinds, field)
    if isinstance(made, Problem):
        return made
    if sum(row["size"] for row in await waits) + len(made.content) > MOST_TOGETHER:
        return problem("files_total", field, name=shown, limit=MOST_TOGETHER // MEGABYTE)
    now = clock.now()
    row = AttachmentRow(
        id=new_id(),
        holder=holder,
        field=field[:130],
        name=made.name,
        kind=made.kind,
        size=len(made.content),
        digest=await asyncio.to_thread(heart.files.keep, made.content),
        width=made.width,
        height=made.height,
        small=await asyncio.to_thread(heart.files.keep, made.small) if made.small else "",
        audience="requester",
        received_at=now,
        scan="held" if guard else "",
        scan_due_at=now if guard else None,
    )
    async with transaction(heart.engine):
        await AttachmentRow.insert(row)
    # The same content may have been dropped after it was found there and before the row said that it is needed.
    for each in filter(None, (made.content, made.small)):
        await asyncio.to_thread(heart.files.keep, each)
    return attachment_of(row.to_dict())
