"""One request as its page at the desk shows it: gathered in a fixed number of questions to the database, then drawn."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Any

from litestar import Response
from msgspec import Struct

from parvis.people.agents import Colleagues, Person
from parvis.plugins.trying import Failure
from parvis.requests.attached.attachments import StoredFile, kept_of
from parvis.requests.contacts import Reachability
from parvis.requests.declarations import type_of_record
from parvis.requests.history import checked_history
from parvis.requests.lists.nearby import Near, open_around
from parvis.requests.records import Record
from parvis.requests.relations.ties import RelatedRequest, seen_by, ties_of
from parvis.requests.rows_there import FILES, RowsOf, known_beside
from parvis.requests.timeline import StoryLine, files_reaching, story
from parvis.requests.visibility import RequestView, present
from parvis.web.desk.context import DeskContext
from parvis.web.panels import PagePanel, Panel, drawn, tried
from parvis.web.places import ITS_NAME, SlotItem
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.workflow import Denied, Transition

TIES = RowsOf("tie", "t.one = r.id OR t.other = r.id")
SAME_PERSON = (
    RowsOf("contact", "lower(t.email) = lower(c.email) AND c.email <> '' AND t.request <> r.id"),
    RowsOf("contact", "t.phone = c.phone AND c.phone <> '' AND t.request <> r.id"),
)
LOOKED_FOR = (FILES, TIES, *SAME_PERSON)
SLOTS = (
    "desk.request",
    "desk.request.side",
    "desk.request.ties",
    "desk.request.links",
    "desk.request.promise",
    "desk.reply.warning",
)


class Case(Struct, frozen=True, kw_only=True):
    """Everything about one request that the person may see."""

    record: Record
    request_type: RequestType
    shown: RequestView
    told: bool
    reached: Reachability
    story: tuple[StoryLine, ...]
    files: tuple[StoredFile, ...]
    near: tuple[Near, ...]
    ties: tuple[RelatedRequest, ...]
    colleagues: tuple[Person, ...]
    broken_at: int | None
    lacking: frozenset[RowsOf] = frozenset()
    back: str = ""  # the query of the list beside which it is shown, to which its forms lead back

    @property
    def attachments(self) -> dict[str, Attachment]:
        """Its files by their ids."""
        return {one.attachment.id: one.attachment for one in self.files}

    def lacks(self, *rows: RowsOf) -> bool:
        """Whether none of these tables has a row of it; each is named by a panel of the page, or above."""
        return self.lacking.issuperset(rows)


async def gather(room: DeskContext, record: Record) -> Case:
    request_type = await type_of_record(room.host, record)
    beside = await known_beside(record, _rows_looked_for(room))
    contact, reach = beside.contact, beside.reached
    shown = present(room.host, record, request_type, room.viewer, contact)
    near: tuple[Near, ...] = ()
    if record.lon is not None and record.lat is not None:
        near = await open_around(room.scope("see"), record.lon, record.lat, besides=record.id)
    files = () if FILES in beside.lacking else await kept_of(record)
    entries, broken_at = await checked_history(record)
    holder = (str(record.assignee),) if record.assignee else ()
    return Case(
        record=record,
        request_type=request_type,
        shown=shown,
        told=contact is not None and bool(contact.email or contact.phone or contact.postal_address) and reach.wants,
        reached=reach,
        story=await story(room.host, record, room.viewer, room.language, files, entries),
        files=await files_reaching(room.viewer, record, room.host.jurisdictions, files),
        near=near,
        ties=() if TIES in beside.lacking else seen_by(room.viewer, await ties_of(record), room.host.jurisdictions),
        colleagues=await room.host.of(Colleagues).of(room.host.engine, room.town.code, holder),
        broken_at=broken_at,
        lacking=beside.lacking,
    )


def _rows_looked_for(room: DeskContext) -> tuple[RowsOf, ...]:
    """Those that the page itself looks for, and each box that the town has; the same of each request."""
    named = (rows for slot in SLOTS for panel in room.nouns(PagePanel, slot) for rows in panel.rows)
    return tuple(dict.fromkeys((*LOOKED_FOR, *named)))


async def panels_at(slot: str, room: DeskContext, case: Case) -> tuple[Panel, ...]:
    """The boxes of a slot that the person sees of this request."""
    panels = room.nouns(PagePanel, slot)
    return await drawn(panels, room, case, lambda right: room.may(right, case.record), case.lacking)


SLOT = "desk.reply"


class PreparedReply(Struct, frozen=True, kw_only=True):
    """A message with what was put in it, and the codes of what is to be counted once it is sent."""

    words: str
    used: tuple[str, ...] = ()


class ReplyAid(SlotItem, frozen=True, kw_only=True):
    """Texts that can be put into a message.

    `choices` are offered in a list, by code and title; `fill` writes what is chosen, or called by the words, into
    them; `sent` is called with the codes that were used in a message once it was sent.
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
    room: DeskContext, record: Record, request_type: RequestType, words: str, chosen: Callable[[str], str]
) -> PreparedReply:
    """The message with what each aid puts in it; `chosen` answers by the name of its field."""
    used: list[str] = []
    for aid in room.nouns(ReplyAid, SLOT):
        fill = partial(aid.fill, room, record, request_type, words, chosen(aid.field))
        done = await tried(aid.owner, aid.name, fill)
        if not isinstance(done, Failure):
            words = done.value.words
            used += done.value.used
    return PreparedReply(words=words, used=tuple(used))


async def note_sent(room: DeskContext, record: Record, used: tuple[str, ...]) -> None:
    """A message was sent in which these had been put."""
    for aid in room.nouns(ReplyAid, SLOT):
        await tried(aid.owner, aid.name, partial(aid.sent, room, record, used))


MADE_BEFORE_SLOT = "desk.move"


class MovePreview(SlotItem, frozen=True, kw_only=True):
    """What some steps would make.

    `codes` are those of what a step would make, a button for each; `make` answers one as it would be with these
    answers, or why it cannot be had.
    """

    IF_BROKEN = {"text": ITS_NAME, "codes": ()}
    text: Callable[[], str]
    codes: Callable[[RequestType, Transition], Iterable[str]]
    make: Callable[
        [DeskContext, Record, RequestType, Transition, str, Any], Awaitable[Response[bytes] | Denied | Problems]
    ]
    slot: str = MADE_BEFORE_SLOT

    @property
    def field(self) -> str:
        """Under which the form sends the code of what is to be shown."""
        return f"_{self.name}"


class PreviewButton(Struct, frozen=True, kw_only=True):
    """One button of the form of a step."""

    name: str
    value: str
    text: str


def buttons_of(
    room: DeskContext, request_type: RequestType, moves: Iterable[Transition]
) -> dict[str, tuple[PreviewButton, ...]]:
    """The buttons of each of these steps, by its code."""
    previews = room.nouns(MovePreview, MADE_BEFORE_SLOT)
    return {
        move.code: tuple(
            PreviewButton(name=each.field, value=code, text=each.text())
            for each in previews
            for code in each.codes(request_type, move)
        )
        for move in moves
    }
