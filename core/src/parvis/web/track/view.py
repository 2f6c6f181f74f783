"""The private view of a request: where it stands, what was promised, its story, and what its requester may do."""

from collections.abc import Iterable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import structs

from parvis.i18n import gettext, say
from parvis.requests.attached.attachments import StoredFile, kept, kept_of
from parvis.requests.contacts import way_promised
from parvis.requests.history import entries_of
from parvis.requests.links import tracking_url
from parvis.requests.parts.together import possible, reads_file
from parvis.requests.records import Record
from parvis.requests.rows_there import FILES as STORED
from parvis.requests.rows_there import known_beside
from parvis.requests.timeline import StoryLine, files_unseen, story
from parvis.requests.visibility import RequestView, present, sees_audience
from parvis.web.addresses import address, in_each, patterns
from parvis.web.answers import answer_rows, place_words
from parvis.web.done_messages import IT_IS_DONE, SAID, SLOT, DoneMessage, done_message
from parvis.web.downloads import handed_out
from parvis.web.pages import AnyRequest, render
from parvis.web.panels import PagePanel, Panel, drawn
from parvis.web.plugin_panels import plugin_panels
from parvis.web.portal.offer import promised_words
from parvis.web.portal.visit import AtPortal, Visit, see_other, visit
from parvis.web.promise import last_moved, why_moved
from parvis.web.storytelling import entries_of_story, files_for, files_given, files_of_story
from parvis.web.track.keys import (
    NoKey,
    TrackedRequest,
    held_or_redirect,
    key_cookies,
    no_longer,
    opened_by,
    own_address,
    private,
    renewed,
    without_key,
)
from parvis.web.versions import rested, versioned
from parvis_sdk.fields import File, LongText, OneOf, Option
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

WORDS = LongText(code="words", label=Text(fr="Votre message", en="Your message"), max_length=4000, rows=4)
FILES = File(code="files", label=Text(fr="Photos ou documents", en="Photos or documents"), required=False, most=5)
MESSAGE_FIELDS = (WORDS, FILES)
LANGUAGE = OneOf(
    code="language",
    label=Text(fr="Langue des messages", en="Language of messages"),
    options=(
        Option(code="fr", label=Text(fr="Français", en="French")),
        Option(code="en", label=Text(fr="Anglais", en="English")),
    ),
)


ANSWER = "answer"


@get(patterns(":track", "{reference:str}"), name="track-request")
async def request_page(here: AtPortal, reference: FromPath[str], cle: FromQuery[str] = "") -> Response[Any]:
    """The view itself; a key in the address is first put where no neighbour and no history reads it."""
    if cle:
        return await take_key(here, reference, cle)
    found = await held_or_redirect(here, reference, "see")
    answer = await show_request(here, found)
    for cookie in renewed(here, found):
        answer.set_cookie(cookie)
    return answer


async def take_key(here: Visit, reference: str, key: str) -> Response[Any]:
    opened = await opened_by(here, reference, key)
    if opened is None:
        raise no_longer(reference, key)
    at = address(here.language, ":track", opened.record.reference)
    answer = see_other(at, *key_cookies(here, opened.record.reference, opened.key))
    answer.headers["referrer-policy"] = "no-referrer"
    return answer


@post(patterns(":track", "{reference:str}", ":quit"), name="track-quit", status_code=200)
async def quit_here(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """End the key of this device: others that have the request open, and its links, are left alone."""
    found = await held_or_redirect(here, reference, "see")
    return await without_key(here, found.record.reference, address(here.language, ":track", quitte="1"))


def to_entrance(request: AnyRequest, error: NoKey) -> Response[Any]:
    """A person without the key is asked for the contact that they gave; the answer tells nothing else."""
    here = visit(request)
    more = {"reference": error.reference} if error.reference else {}
    more |= {"lien": "perime"} if error.over else {}
    return see_other(address(here.language, ":track", **more))


async def show_request(
    here: Visit,
    found: TrackedRequest,
    *,
    problems: Problems | None = None,
    values: dict[str, Any] | None = None,
    done: str = "",
    status: int = 200,
) -> Response[Any]:
    record, request_type = found.record, found.request_type
    me = found.viewer
    panels = here.nouns(PagePanel, "tracking.request")
    beside = await known_beside(record, (STORED, *(rows for panel in panels for rows in panel.rows)))
    contact = beside.contact if me.is_requester else None
    shown = present(here.host, record, request_type, me, contact)
    shown = structs.replace(shown, moves=await possible(here.host, record, request_type, shown.moves))
    stored, past = () if STORED in beside.lacking else await kept_of(record), await entries_of(record)
    lines = await story(here.host, record, me, here.language, stored, past)
    files = await files_for(here.host, record, me, stored)
    known = structs.replace(found, past=past, lines=lines)
    standing = await drawn(here.nouns(PagePanel, "tracking.standing"), here, known, me.holds)

    def own(*more: str) -> str:
        return own_address(here, found, *more)

    def file_at(id: str) -> str:
        return own(":files", id)

    return render(
        here.request,
        "track/request.html",
        status=422 if problems else status,
        shown=shown,
        dates=dates_of(record),
        goes_on=record.merged_into is not None,
        promised=promised_words(request_type, record.answers, record.promised_at),
        promise_moved=moved_promise(lines),
        paused=paused_by_town(lines),
        question=question_of(shown, lines),
        standing=standing,
        done=_said(here, done),
        answer=next((move for move in shown.moves if move.code == ANSWER), None),
        moves=[(say(move.title), own(":do", move.code), move.tone) for move in other_moves(shown, standing)],
        rows=[
            *([{"key": gettext("Place"), "value": place_words(shown.place.as_answer())}] if shown.place else []),
            *answer_rows([one.field for one in shown.fields], shown.answers, files),
        ],
        files=files_given(files, lines, file_at),
        entries=entries_of_story(lines, file_at, mine=True),
        message_fields=MESSAGE_FIELDS,
        values=values or {},
        problems=problems,
        contact=contact,
        way=way_promised(contact, here.contact_methods),
        wants_messages=beside.reached.wants,
        may={
            "write": me.holds("messages"),
            "invite": bool(request_type.parties) and me.holds("invite"),
            "own": me.is_requester,
        },
        party=request_type.party(me.role) if me.role else None,
        keeps_log=me.holds("act")
        and request_type.occurrence is not None
        and shown.phase != Phase.CLOSED
        and not shown.plugin_gone,
        own=own,
        public=address(here.language, ":public", record.reference) if record.public else "",
        link=tracking_url(here.host, here.town, record) if me.is_requester else "",
        has_calendar=record.promised_at is not None and shown.phase not in (Phase.DECIDED, Phase.CLOSED),
        panels=(
            *await drawn(panels, here, found, me.holds, beside.lacking),
            *await plugin_panels(here.host, record, shown, me),
        ),
        alternates=in_each(here.town.languages, ":track", record.reference),
        **private(),
    )


def _said(here: Visit, done: str) -> DoneMessage | None:
    """What was just done, in words; of what nobody here has words for, that it is done."""
    word = done or here.request.query_params.get(SAID, "")
    return (done_message(here.nouns(DoneMessage, SLOT), word) or IT_IS_DONE) if word else None


def other_moves(shown: RequestView, standing: Iterable[Panel]) -> tuple[Transition, ...]:
    """What has no place of its own on the page: neither the answer, nor a box whose value `moves` says so."""
    elsewhere = {ANSWER}.union(*(each.values.get("moves", ()) for each in standing))
    return tuple(move for move in shown.moves if move.code not in elsewhere)


def town_told(lines: tuple[StoryLine, ...]) -> StoryLine | None:
    """The last thing that the town told: what was done, or what it asks."""
    return next((line for line in reversed(lines) if line.kind == "moved" and not line.by_requester), None)


def moved_promise(lines: tuple[StoryLine, ...]) -> str:
    """Why the promised date is no longer the first one; empty while it is."""
    line = last_moved(lines)
    return why_moved(line, mine=True) if line else ""


def paused_by_town(lines: tuple[StoryLine, ...]) -> StoryLine | None:
    """The entry with which the town paused the response time, if it has not resumed it since."""
    line = next((line for line in reversed(lines) if line.kind in ("paused", "resumed")), None)
    return line if line and line.kind == "paused" else None


def question_of(shown: RequestView, lines: tuple[StoryLine, ...]) -> StoryLine | None:
    """What the town asked when it began to wait: the last thing it said."""
    return town_told(lines) if shown.phase == Phase.WAITING_FOR_YOU else None


def dates_of(record: Record) -> dict[str, Any]:
    """When the request came in and when it was closed, for the line of phases."""
    closed = {"closed": record.closed_at} if record.closed_at is not None and record.phase is Phase.CLOSED else {}
    return {"received": record.submitted_at, **closed}


@get(patterns(":track", "{reference:str}", ":files", "{id:str}"), name="track-file")
async def file_of_request(here: AtPortal, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Stream:
    found = await held_or_redirect(here, reference, "see")
    file = await kept(id)
    if file is None or file.request != found.record.id or not await _is_theirs(here, found, file):
        raise NotFoundException("There is no such file.")
    return await handed_out(here.host, file, request=request)


async def _is_theirs(here: Visit, found: TrackedRequest, file: StoredFile) -> bool:
    """Whether the holder may have this file: of what is protected, what they sent themselves since they hold it."""
    me, id = found.viewer, str(file.attachment.id)
    if id in await files_unseen(found.record, me, here.host.jurisdictions):
        return False
    if sees_audience(me, file.audience, found.record, here.host.jurisdictions):
        return True
    if me.holds("messages") and await reads_file(here.host, me, found.record, found.request_type, id):
        return True
    if found.record.holder_since is None:
        return False
    lines = await story(here.host, found.record, me, here.language)
    return file.attachment.id in files_of_story(lines)


@get(patterns(":track", "{reference:str}", ":versions"), name="versions-page")
async def versions_page(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Every version of the answers, side by side."""
    found = await held_or_redirect(here, reference, "see")
    record, request_type = found.record, found.request_type
    return render(
        request,
        "track/versions.html",
        reference=record.reference,
        title=request_type.title,
        versioned=await versioned(
            here.host, record, request_type, found.viewer, lambda id: own_address(here, found, ":files", id)
        ),
        rested=await rested(here.host, record, request_type, found.viewer),
        back=own_address(here, found),
        alternates=in_each(here.town.languages, ":track", record.reference, ":versions"),
        **private(),
    )
