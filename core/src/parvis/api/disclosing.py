"""What is told of a request: its public page, decided by the town, and who somebody is, revealed for a reason."""

from typing import Any, Literal, get_args

from litestar.exceptions import HTTPException
from msgspec import Struct, structs

from parvis import clock
from parvis.api.calls import Access, Call, Edit, Given, faulty, seen_version, text_in, unprocessable
from parvis.api.changes import refusal
from parvis.api.operations import operation
from parvis.api.shapes import Moment
from parvis.i18n import gettext
from parvis.requests.access_log import OPEN_FOR, SHORTEST_REASON, AccessLog
from parvis.requests.amendments import reveal
from parvis.requests.declarations import type_of_record
from parvis.requests.public_words import free_answers, public_place_words, typed_place, words_are_public, words_wait
from parvis.requests.publishing import MOST_WORDS, hide_page, keep_page, publish_words, show_page, take_words_back
from parvis.requests.records import Record
from parvis.requests.reported_pages import reports_about
from parvis.requests.visibility import answers_for
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text

WHY = Text(fr="Indiquez pourquoi vous avez besoin de le savoir.", en="Say why you need to know.")
Deed = Literal["publish", "take_back", "hide", "show", "keep"]


class ReportedPage(Struct, frozen=True, kw_only=True):
    """What somebody reported about a public page and nobody has settled."""

    why: str
    words: str
    at: Moment


class PublicPageShape(Struct, frozen=True, kw_only=True):
    """The public page of a request as the town decides about it.

    `answers` and `place_typed` are what was typed and attached freely: everybody reads it while `published`; it waits
    to be read by somebody of the town while `waiting`. `place` is what everybody reads of the place.
    """

    public: bool
    hidden_at: Moment | None
    waiting: bool
    published: bool
    answers: dict[str, Any]
    place_typed: str
    place: str
    reports: list[ReportedPage]
    version: int


class PageDecision(Struct, frozen=True, kw_only=True):
    """To `publish` the words just as they were read, to `take_back` words, to `hide` the page at once, to `show` it
    again, or to `keep` what was reported. All but the first take a `reason`; `hide` and `keep` need no `version`."""

    do: Deed
    reason: str = ""
    version: int | None = None


class NewReveal(Struct, frozen=True, kw_only=True):
    """Why somebody needs to know who it is: written into the history before it is told."""

    reason: str


class RequesterDisclosure(Struct, frozen=True, kw_only=True):
    """Who somebody is, told once, and all answers; files and answers stay open to the token `until` then."""

    requester: Requester | None
    answers: dict[str, Any]
    until: Moment


@operation(
    "GET /requests/{reference}/public-page",
    "The public page for the town: texts to be read before they are published, and what was reported",
    scope="requests:write",
    rights=("amend",),
)
async def show_public_page(call: Given[Call], access: Given[Access]) -> PublicPageShape:
    return await _page_of(call, access.record)


async def _page_of(call: Call, record: Record) -> PublicPageShape:
    if record.erased_at is not None or not (record.public or record.hidden_at):
        raise HTTPException(status_code=404, detail=gettext("The request has no public page."))
    request_type = await type_of_record(call.host, record)
    reports = await reports_about(call.host, call.town, record)
    return PublicPageShape(
        public=record.public,
        hidden_at=record.hidden_at,
        waiting=words_wait(request_type, record),
        published=bool(record.words_published) and words_are_public(request_type, record),
        answers=free_answers(request_type, record),
        place_typed=typed_place(request_type, record),
        place=public_place_words(request_type, record) if not request_type.place.precision else "",
        reports=[ReportedPage(why=each.why, words=each.words, at=each.at) for each in reports],
        version=record.version,
    )


@operation(
    "POST /requests/{reference}/public-page",
    "Publish texts or withdraw them, hide the page or show it again, or keep what was reported",
    body=PageDecision,
    scope="requests:write",
    rights=("amend",),
    problems=(409, 410, 428),
)
async def decide_public_page(call: Given[Call], edit: Given[Edit]) -> PublicPageShape:
    """The decisions of the panel at the desk, with the same right, the same reasons and the same entries."""
    body = edit.body
    deed = body.get("do")
    if deed not in get_args(Deed):
        raise faulty("do", "unknown", "one_of", offered=", ".join(get_args(Deed)))
    reason = text_in(body, "reason", most=MOST_WORDS) if deed != "publish" else ""
    host, number, actor = call.host, edit.record.reference, call.actor
    match deed:
        case "publish":
            changed = await publish_words(host, number, actor=actor, expected=seen_version(body))
        case "take_back":
            changed = await take_words_back(host, number, reason, actor=actor, expected=seen_version(body))
        case "show":
            changed = await show_page(host, number, reason, actor=actor, expected=seen_version(body))
        case "hide":
            changed = await hide_page(host, number, reason, actor=actor)
        case _:
            changed = await keep_page(host, number, reason, actor=actor)
    if not isinstance(changed, Record):
        raise await refusal(call, changed, edit)
    return await _page_of(call, changed)


@operation(
    "POST /requests/{reference}/reveal",
    "The identity of a confidential person, for a reason that is kept in the history",
    body=NewReveal,
    scope="contacts:reveal",
    rights=("reveal",),
    problems=(410,),
)
async def reveal_requester(call: Given[Call], edit: Given[Edit]) -> RequesterDisclosure:
    """The reason is written down before anything is told."""
    record, viewer = edit.record, edit.viewer
    reason = " ".join(text_in(edit.body, "reason", most=MOST_WORDS).split())
    if len(reason) < SHORTEST_REASON:
        raise unprocessable(Problems(found=(Problem(path="reason", code="too_short", message=WHY),)), call.language)
    person = await reveal(call.host, record.reference, reason, actor=call.actor)
    call.host.of(AccessLog).at(viewer, record, "reveal")
    request_type = await type_of_record(call.host, record)
    knowing = structs.replace(viewer, revealing=viewer.revealing | {record.reference})
    told = answers_for(knowing, record, request_type, call.host.jurisdictions)
    return RequesterDisclosure(requester=person, answers=told, until=clock.now() + OPEN_FOR)
