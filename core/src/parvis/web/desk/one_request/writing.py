"""Who is writing on a request: told to those who have its page open, by the pages of those who write."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from parvis.requests.records import Record
from parvis.requests.work.presence import WHILE_TYPING, Presence
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.one_request.forms import CASE
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed


@get(f"{CASE}/presence")
async def tell_writers(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Who else writes there now. A page that asks by itself is no look at the request."""
    return _told(room, await room.record(reference, is_look=False))


@post(f"{CASE}/presence", status_code=200)
async def say_writing(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The page of somebody says that words wait in it to be sent, or that none do any more; the same answer."""
    record, sent = await room.record(reference, is_look=False), await typed(request)
    if sent.text("left"):
        room.host.of(Presence).gone(room.viewer, record.reference)
    else:
        room.host.of(Presence).at(room.viewer, record.reference, WHILE_TYPING)
    return _told(room, record)


def _told(room: DeskContext, record: Record) -> Response[Any]:
    words = room.writing([record.reference]).get(record.reference, "")
    return Response({"words": words}, headers={"cache-control": "no-store"})
