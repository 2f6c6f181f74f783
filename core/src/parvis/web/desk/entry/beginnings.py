"""What a sheet may be begun with: something that came in otherwise, and that the request is then made of."""

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

    `late` is the answer to who wanted to make a request of it and was not the first; `settle` puts it on the request.
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


class Origin(Struct, frozen=True, kw_only=True):
    """Which thing of which source a sheet was begun with; nothing for one that began empty."""

    source: str = ""
    id: str = ""

    @property
    def once(self) -> str:
        """The same for whoever presses: of one thing one request is made."""
        return f"{self.source}:{self.id}"


async def begun_by(room: DeskContext, parameters: Mapping[str, str]) -> tuple[Origin, IncomingItem] | None:
    """What the address of the sheet asks to begin with."""
    for source in room.nouns(SheetSource, SLOT):
        if id := parameters.get(source.asked, ""):
            return Origin(source=source.name, id=id), await source.find(room, id)
    return None


def origin_in(room: DeskContext, text: Callable[[str], str]) -> Origin:
    """What the sheet that was sent had been begun with."""
    there = ((source.name, text(source.name)[:40]) for source in room.nouns(SheetSource, SLOT))
    return next((Origin(source=name, id=id) for name, id in there if id), Origin())


async def begun_with(room: DeskContext, origin: Origin) -> IncomingItem | None:
    """The thing as it is now."""
    sources = {source.name: source for source in room.nouns(SheetSource, SLOT)}
    return await sources[origin.source].find(room, origin.id) if origin.source in sources else None
