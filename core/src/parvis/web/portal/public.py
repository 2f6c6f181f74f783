"""Requests that anyone may see: the list with its filters and map, and the page of each one."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from parvis.i18n import say
from parvis.requests.attachments import kept
from parvis.requests.records import type_of_record
from parvis.requests.search import BadCursor, Filters, Found, public_requests
from parvis.requests.timeline import story
from parvis.requests.visibility import PUBLIC, present, sees_audience
from parvis.web.addresses import address, in_each, patterns
from parvis.web.answers import answer_rows
from parvis.web.downloads import handed_out
from parvis.web.pages import render
from parvis.web.portal.joining import public_record
from parvis.web.portal.visit import Visit, visit
from parvis.web.storytelling import entries_of_story, files_for, files_given
from parvis_sdk.cleaning import clean

AnyRequest = Request[Any, Any, Any]
A_PAGE = 25
MOST_TYPED = 200
PHASES = ("received", "in_progress", "waiting_for_you", "decided", "closed")


@get(patterns(":list"), name="public-list")
async def public_list(
    request: AnyRequest,
    q: FromQuery[str] = "",
    type: FromQuery[str] = "",
    zone: FromQuery[str] = "",
    open: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Response[Any]:
    """What others have reported, the newest first."""
    here = visit(request)
    given = {"q": q, "type": type[:60], "zone": zone[:60], "open": open[:3]}
    chosen = {name: " ".join(clean(value)[:MOST_TYPED].split()) for name, value in given.items()}
    found = await a_page(here, chosen, cursor)
    asked = {name: value for name, value in chosen.items() if value}
    list_address = address(here.language, ":list")
    return render(
        request,
        "portal/requests.html",
        found=found,
        chosen=chosen,
        filters=filters_in_force(here, asked),
        types=[(kind.code, say(kind.title)) for kind in here.types if kind.visibility.public],
        zones=[(one.code, say(one.name)) for one in here.town.zones],
        page_of=lambda reference: address(here.language, ":public", reference),
        first=f"{list_address}?{urlencode(asked)}" if cursor else "",
        next=f"{list_address}?{urlencode({**asked, 'cursor': found.next_cursor})}" if found.next_cursor else "",
        alternates=in_each(here.town.languages, ":list", **asked),
    )


async def a_page(here: Visit, chosen: dict[str, str], cursor: str) -> Found:
    """One page of the list; from a cursor that is none of ours, the first one."""
    filters = Filters(
        text=chosen["q"],
        types=(chosen["type"],) if chosen["type"] else (),
        zones=(chosen["zone"],) if chosen["zone"] else (),
        open=True if chosen["open"] == "oui" else None,
    )
    try:
        return await public_requests(here.heart, here.town.code, filters, limit=A_PAGE, cursor=cursor[:200])
    except BadCursor:
        return await public_requests(here.heart, here.town.code, filters, limit=A_PAGE)


def filters_in_force(here: Visit, asked: dict[str, str]) -> list[tuple[str, str]]:
    """Each filter as words, with the address of the list without it."""
    kinds = {kind.code: say(kind.title) for kind in here.types}
    zones = {zone.code: say(zone.name) for zone in here.town.zones}
    words = {"q": "« {} »", "type": "{}", "zone": "{}"}
    chips = []
    for name, value in asked.items():
        if name in words:
            shown = words[name].format(kinds.get(value) or zones.get(value) or value)
            rest = {other: kept for other, kept in asked.items() if other != name}
            chips.append((shown, address(here.language, ":list", **rest)))
    return chips


@get(patterns(":public", "{reference:str}"), name="public-page")
async def public_page(request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """One request, with its public facts only."""
    here = visit(request)
    record = await public_record(here, reference)
    kind = await type_of_record(here.heart, record)
    shown = present(here.heart, record, kind, PUBLIC)
    lines = await story(here.heart, record, PUBLIC, here.language)
    files = await files_for(here.heart, record, PUBLIC)

    def file_address(id: str) -> str:
        return address(here.language, ":public", record.reference, ":files", id)

    return render(
        request,
        "portal/public.html",
        shown=shown,
        rows=answer_rows([one.field for one in shown.fields], shown.answers, files),
        files=files_given(files, lines, file_address),
        entries=entries_of_story(lines, file_address),
        follow=address(here.language, ":follow", record.reference),
        track=address(here.language, ":track", reference=record.reference),
        list_address=address(here.language, ":list"),
        alternates=in_each(here.town.languages, ":public", record.reference),
    )


@get(patterns(":public", "{reference:str}", ":files", "{id:str}"), name="public-file")
async def public_file(request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Stream:
    here = visit(request)
    record = await public_record(here, reference)
    file = await kept(id)
    if (
        file is None
        or file.request != record.id
        or not sees_audience(PUBLIC, file.audience, record, here.heart.territory)
    ):
        raise NotFoundException("There is no such file.")
    return await handed_out(here.heart, file)
