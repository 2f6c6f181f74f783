"""The page of a channel: lists of what came in, one message, and what becomes of it, with the ways that lead there."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.changing import NoSuchRequest
from parvis.requests.finding import find_types
from parvis.requests.offered import types_of
from parvis.requests.records import Record, find, records_of, those_of
from parvis.requests.visibility import sees
from parvis.web.desk.beginnings import SLOT, IncomingItem, SheetSource
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, work
from parvis.web.desk.lists.filtering import midnight
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.downloads import SAVING, handed_out, shown_file
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.fields import LongText, ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Channel
from parvis_sdk.text import Text
from parvis_sorting.messages import (
    Condition,
    IncomingMessage,
    Pile,
    attach,
    drop,
    files_of,
    left_to_sort,
    message_of,
    messages,
)

PAGE = 50
LONGEST_REASON = 500
MOST_TYPES = 3  # that the words of a message suggest


class SortingList(Struct, frozen=True, kw_only=True):
    """One list of the page: its word in the address (none for the first), its title, and which messages are in it."""

    code: str
    title: Callable[[], str]
    which: Condition


class SortingWords(Struct, frozen=True, kw_only=True):
    """What the page of one channel says, in the reader's language.

    `kinds` and `reasons` name each sort of a message and each sign by which it was judged so, under `why`; `caution`
    is what to think of while one is read.
    """

    title: str
    meaning: str
    why: str
    kinds: Mapping[str, str]
    reasons: Mapping[str, str]
    caution: str = ""


class SortingPage(Struct, frozen=True, kw_only=True):
    """What a channel declares: where its messages lie, and how they are shown and answered.

    `name` is the box of a sheet that holds the id of a message, `asked` the word of the address that opens the sheet,
    `when` says whether the channel brings anything here; `sender` and `heading` are the lines of one message,
    `requester` what it tells of its person, `channel` how a request that is made of it came in; `guide` names the
    section that is about its lists.
    """

    path: str
    guide: str
    name: str
    asked: str
    icon: str
    pile: Pile
    lists: tuple[SortingList, ...]
    words: Callable[[], SortingWords]
    when: Callable[[DeskContext], bool]
    sender: Callable[[IncomingMessage], str]
    heading: Callable[[IncomingMessage], str]
    requester: Callable[[IncomingMessage], Mapping[str, str]]
    channel: Channel

    def at(self, code: str = "", **more: str) -> str:
        """The address of a list."""
        query = urlencode({key: value for key, value in {"liste": code, **more}.items() if value})
        return f"{self.path}?{query}" if query else self.path

    def too_late(self, message: IncomingMessage) -> Response[Any]:
        """To the outcome, for an agent who was not the first to decide."""
        return go(f"{self.path}/{message.id}?fait=trop-tard#main")

    async def message(self, room: DeskContext, id: str) -> IncomingMessage:
        """The message at this address, for agents who take requests in; 404 for everybody where there is none."""
        room.demand("intake")
        given = _id(id)
        found = await message_of(self.pile, room.town.code, given) if given else None
        if found is None:
            raise NotFoundException("There is no such message.")
        return found


def handlers_of(page: SortingPage) -> tuple[HTTPRouteHandler, ...]:
    """Its lists, one message, a file that came with it, putting it on a request, and letting it go."""
    one = page.path + "/{id:str}"

    @get(page.path)
    async def show_messages(room: AtDesk, request: AnyRequest) -> Response[Any]:
        """One of the lists; two statements, however many messages there are."""
        return await _list(page, room, request.query_params)

    @get(one)
    async def show_message(room: AtDesk, id: FromPath[str]) -> Response[Any]:
        return await _page(page, room, await page.message(room, id))

    @get(f"{one}/fichiers/{{file:str}}")
    async def open_file(room: AtDesk, request: AnyRequest, id: FromPath[str], file: FromPath[str]) -> Stream:
        """A file attached to it, for the agent who decides about the message."""
        message = await page.message(room, id)
        files = {each.attachment.id: each for each in await files_of(page.pile, message)} if message.waits else {}
        if file not in files:
            raise NotFoundException("There is no such file.")
        return await handed_out(room.host, files[file], request=request, saving=SAVING in request.query_params)

    @post(f"{one}/rattachement", status_code=200)
    async def attach_message(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
        """Put it on the request whose reference was typed."""
        message, sent = await page.message(room, id), await typed(request)
        return await _attached(page, room, message, sent.text("reference").strip()[:40])

    @post(f"{one}/retrait", status_code=200)
    async def drop_message(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
        """Let it go, with a reason that stays."""
        message, sent = await page.message(room, id), await typed(request)
        return await _dropped(page, room, message, sent.text("reason").strip())

    return show_messages, show_message, open_file, attach_message, drop_message


def menu_line(page: SortingPage) -> PageLink:
    """The line of the menu that leads to it."""
    return PageLink(
        slot="desk.menu",
        path=page.path,
        guide=page.guide,
        after="/bureau/ce-qui-traine",
        text=lambda: page.words().title,
        right="intake",
        when=page.when,
        icon=page.icon,
        group=work,
    )


def sheet_source(page: SortingPage) -> SheetSource:
    """What a message tells, for the sheet of the request that is made of it."""

    async def begun(room: DeskContext, id: str) -> IncomingItem:
        message = await page.message(room, id)

        async def settle(record: Record) -> None:
            with suppress(NoSuchRequest):  # put elsewhere or let go a moment ago, by somebody who is named on its page
                await attach(page.pile, room.host, message, record, actor=room.actor)

        return IncomingItem(
            id=str(message.id),
            waits=message.waits,
            what=message.words or message.subject,
            requester=page.requester(message),
            channel=page.channel,
            late=partial(page.too_late, message),
            settle=settle,
        )

    return SheetSource(name=page.name, asked=page.asked, find=begun)


def stalled_source(page: SortingPage) -> StalledSource:
    """What came before today and waits, among stalled work."""

    async def left(room: DeskContext) -> tuple[StalledList, ...]:
        today = midnight(local_day(room.town.calendar, clock.now()), room.town.time_zone)
        stalled = StalledList(
            title=page.words().title,
            meaning=gettext("Received before today and not yet attached to a request."),
            href=page.path,
            found=await left_to_sort(page.pile, room.town.code, today),
        )
        return (stalled,)

    return StalledSource(
        name=page.name,
        after="calls",
        title=lambda: page.words().title,
        right="intake",
        when=page.when,
        find=left,
    )


async def _list(page: SortingPage, room: DeskContext, query: Mapping[str, str]) -> Response[Any]:
    room.demand("intake")
    which = next((each for each in page.lists if each.code == query.get("liste", "")), page.lists[0])
    before = _id(query.get("avant", ""))
    found = await messages(page.pile, room.town.code, which.which, before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return room.show(
        "sorting/list.html",
        sorting=page,
        words=page.words(),
        messages=shown,
        known=await those_of([room.scope("see")], {each.reference for each in shown} - {""}),
        views=[(each.title(), page.at(each.code), each is which) for each in page.lists],
        next_page=page.at(which.code, avant=str(shown[-1].id)) if len(found) > PAGE else "",
        done=query.get("fait", ""),
    )


async def _page(
    page: SortingPage,
    room: DeskContext,
    message: IncomingMessage,
    problems: Problems | None = None,
    *,
    reference: str = "",
    reason: str = "",
) -> Response[Any]:
    record = await find(room.host, message.reference) if message.reference else None
    is_seen = record is not None and _sees(room, record)
    asked, about = f"{page.asked}={message.id}", message.words or message.subject
    return room.show(
        "sorting/one.html",
        status=422 if problems else 200,
        sorting=page,
        words=page.words(),
        message=message,
        files=await _files(page, message) if message.waits else (),
        candidates=await _candidates(room, message) if message.waits else (),
        went_to=message.reference if is_seen else "",
        request_path=case_path(message.reference) if is_seen else "",
        late=room.request.query_params.get("fait", "") == "trop-tard",
        problems=problems,
        reference=reference,
        reason=reason,
        new=_new_request_links(room, asked, about) if message.waits else None,
        reference_field=ShortText(code="reference", label=_both(gettext("Reference")), max_length=40),
        reason_field=LongText(
            code="reason", label=_both(gettext("Reason for setting aside")), max_length=LONGEST_REASON, rows=2
        ),
    )


async def _attached(page: SortingPage, room: DeskContext, message: IncomingMessage, reference: str) -> Response[Any]:
    record = await find(room.host, reference) if reference else None
    if record is None or not _may_take(room, record):
        words = gettext("Enter the reference of a request.")
        if reference:
            is_gone = record is not None and record.erased_at is not None and _sees(room, record)
            words = gettext("This request was destroyed.") if is_gone else gettext("There is no such request.")
        return await _page(page, room, message, _wrong("reference", words), reference=reference)
    done = False
    with suppress(NoSuchRequest):
        done = message.waits and await attach(page.pile, room.host, message, record, actor=room.actor)
    return go(page.at(fait="range") + "#main") if done else page.too_late(message)


async def _dropped(page: SortingPage, room: DeskContext, message: IncomingMessage, reason: str) -> Response[Any]:
    if not reason or len(reason) > LONGEST_REASON:
        words = gettext("Give a short reason.") if not reason else gettext("The text is too long.")
        return await _page(page, room, message, _wrong("reason", words), reason=reason)
    done = await drop(page.pile, room.host, message, reason, actor=room.actor)
    return go(page.at(fait="ecarte") + "#main") if done else page.too_late(message)


async def _files(page: SortingPage, message: IncomingMessage) -> list[dict[str, Any]]:
    files = [each.attachment for each in await files_of(page.pile, message)]
    return [shown_file(each, f"{page.path}/{message.id}/fichiers/{each.id}") for each in files]


async def _candidates(room: DeskContext, message: IncomingMessage) -> tuple[Record, ...]:
    """The requests that it may be about, those that this person may put it on."""
    found = await records_of(message.candidates) if message.candidates else ()
    return tuple(each for each in found if _may_take(room, each))


def _may_take(room: DeskContext, record: Record) -> bool:
    """A request that this person sees and works on; nothing is put on one whose personal data was destroyed."""
    return record.erased_at is None and _sees(room, record) and (room.may("work", record) or room.may("intake", record))


def _sees(room: DeskContext, record: Record) -> bool:
    return record.jurisdiction == room.town.code and sees(room.viewer, record, room.host.jurisdictions)


def _wrong(path: str, words: str) -> Problems:
    return Problems(found=(Problem(path=path, code="wrong", message=_both(words)),))


def _both(words: str) -> Text:
    return Text(fr=words, en=words)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class NewRequestLinks(Struct, frozen=True, kw_only=True):
    """Where a request is made of a thing: its sheet, and the same with each of the types that its words suggest."""

    path: str
    types: tuple[tuple[str, Text], ...] = ()


def _new_request_links(room: DeskContext, asked: str, words: str) -> NewRequestLinks | None:
    """Where a request is made of a thing that `asked` names; None where nobody opens requests at this desk."""
    sheet = next(iter(room.links(SLOT)), None)
    if sheet is None:
        return None
    path = f"{sheet.path}?{asked}"
    hits = find_types(room.host, types_of(room.host, room.town), words[:1000], MOST_TYPES) if words.strip() else ()
    types = tuple((f"{path}&type={hit.request_type.code}", hit.request_type.title) for hit in hits)
    return NewRequestLinks(path=path, types=types)
