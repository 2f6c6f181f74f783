"""Help with a message to the requester: texts from a list, or called by what is typed; each is declared where it is."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from msgspec import Struct

from parvis.plugins.trying import Failure
from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.panels import tried
from parvis.web.places import ITS_NAME, SlotItem
from parvis_sdk.request_types import RequestType

SLOT = "desk.reply"


class PreparedReply(Struct, frozen=True, kw_only=True):
    """A message with what was put in it, and the codes of what is to be counted once it is sent."""

    words: str
    used: tuple[str, ...] = ()


class ReplyAid(SlotItem, frozen=True, kw_only=True):
    """Texts that can be put into a message.

    `choices` are offered in a list, by code and title; `fill` writes what is chosen, or called by the words, into
    them; `sent` hears of the codes that a message had which was sent.
    """

    IF_BROKEN = {"title": ITS_NAME, "hint": ""}
    title: Callable[[], str]
    hint: Callable[[], str]
    choices: Callable[[DeskContext, Record], Awaitable[Sequence[tuple[str, str]]]]
    fill: Callable[[DeskContext, Record, RequestType, str, str], Awaitable[PreparedReply]]
    sent: Callable[[DeskContext, Record, tuple[str, ...]], Awaitable[None]]
    slot: str = SLOT

    @property
    def field(self) -> str:
        """Under which the form sends what was chosen."""
        return f"_{self.name}"


async def lists_of(room: DeskContext, record: Record) -> list[dict[str, Any]]:
    """The lists of the form; of an aid that fails, or has nothing for this request, none."""
    lists = []
    for aid in room.nouns(ReplyAid, SLOT):
        found = await tried(aid.owner, aid.name, partial(aid.choices, room, record))
        if not isinstance(found, Failure) and found.value:
            lists.append({"name": aid.field, "title": aid.title(), "hint": aid.hint(), "choices": found.value})
    return lists


async def filled(
    room: DeskContext, record: Record, kind: RequestType, words: str, chosen: Callable[[str], str]
) -> PreparedReply:
    """The message with what each aid puts in it; `chosen` answers by the name of its field."""
    used: list[str] = []
    for aid in room.nouns(ReplyAid, SLOT):
        fill = partial(aid.fill, room, record, kind, words, chosen(aid.field))
        done = await tried(aid.owner, aid.name, fill)
        if not isinstance(done, Failure):
            words = done.value.words
            used += done.value.used
    return PreparedReply(words=words, used=tuple(used))


async def note_sent(room: DeskContext, record: Record, used: tuple[str, ...]) -> None:
    """A message was sent in which these had been put."""
    for aid in room.nouns(ReplyAid, SLOT):
        await tried(aid.owner, aid.name, partial(aid.sent, room, record, used))
