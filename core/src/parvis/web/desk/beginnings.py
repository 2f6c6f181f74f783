"""What a request may be begun with at the desk: things that came in otherwise, of which requests are made."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Response
from msgspec import Struct

from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.places import SlotItem
from parvis_sdk.requests import Channel

SLOT = "desk.new"


class IncomingItem(Struct, frozen=True, kw_only=True):
    """One thing that came in: what it tells, and whether nobody has settled it meanwhile.

    `late` is the answer to an agent who was not the first to make a request of it; `settle` puts it on the request.
    """

    id: str
    waits: bool
    what: str
    requester: Mapping[str, str]
    channel: Channel
    late: Callable[[], Response[Any]]
    settle: Callable[[Record], Awaitable[None]]


class SheetSource(SlotItem, frozen=True, kw_only=True):
    """Where things lie of which requests are made: the sheet asks for one by its id.

    `asked` is the parameter of the address that opens the sheet, `name` the box that holds the id from then on.
    """

    asked: str
    find: Callable[[DeskContext, str], Awaitable[IncomingItem]]
    slot: str = SLOT
