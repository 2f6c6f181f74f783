"""What to tell the person before they hang up, and what is kept of their call."""

from typing import Any

from litestar import Response

from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.records import Record, find
from parvis.requests.references import normalise
from parvis.web.desk.context import DeskContext
from parvis_telephone.announced_calls import announced, note_call
from parvis_telephone.spelling import spoken
from parvis_telephone.wishes import Wish, keep_wish


async def show_receipt(room: DeskContext, reference: str, into: str = "") -> Response[Any]:
    """The receipt, for the agent who opened the request, even where it was routed elsewhere."""
    record = await find(room.host, reference)
    if record is None or not await opened_by_them(room, record):
        record = await room.record(reference)
    request_type = await type_of_record(room.host, record)
    other = await find(room.host, normalise(into) or "")
    goes_on = other if other is not None and other.id == record.merged_into else None
    return room.show(
        "telephone/receipt.html",
        record=record,
        goes_on=goes_on,
        promised_at=goes_on.promised_at if goes_on else None if record.merged_into else record.promised_at,
        title=request_type.title,
        spoken=spoken(record.reference, record.language),
        into=normalise(into) or "",
        visible=room.may("see", record),
    )


async def opened_by_them(room: DeskContext, record: Record) -> bool:
    first = (await entries_of(record))[0]
    return record.jurisdiction == room.town.code and first.actor.kind == "agent" and first.actor.id == room.person.id


async def keep_call(room: DeskContext, record: Record, call: str, note: str, wish: Wish) -> None:
    """What was said beside the request, the call with its recording, and how the person wishes to be told; once."""
    there = await announced(room.town, room.person.id, call) if call else None
    if there is not None or (note and not call and len(await entries_of(record)) == 1):
        await note_call(room.host, record.reference, note, there, actor=room.actor)
    await keep_wish(room.host, record.id, wish)
