"""The page of one request that anyone may see: public facts, where it stands, what happened."""

from collections.abc import Iterable
from typing import Any

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from parvis.i18n import gettext, say
from parvis.requests.attached.attachments import kept, kept_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import entries_of
from parvis.requests.links import town_url
from parvis.requests.records import find
from parvis.requests.relations.merged import goes_on_with
from parvis.requests.timeline import story
from parvis.requests.visibility import PUBLIC, RequestView, present, sees, sees_audience
from parvis.web.addresses import address, in_each, patterns
from parvis.web.answers import answer_rows
from parvis.web.downloads import handed_out
from parvis.web.pages import render
from parvis.web.panels import PagePanel, Panel, drawn
from parvis.web.plugin_panels import plugin_panels
from parvis.web.portal.visit import AtPortal, Visit, apply_address, see_other
from parvis.web.storytelling import entries_of_story, files_for, files_given

AnyRequest = Request[Any, Any, Any]


async def public_record(here: Visit, reference: str) -> Any:
    """A request of this town that has a public page; anything else is not there."""
    record = await find(here.host, reference)
    if record is None or record.jurisdiction != here.town.code or not sees(PUBLIC, record, here.host.jurisdictions):
        raise NotFoundException("There is no such public request.")
    return record


async def goes_on_at(here: Visit, reference: str) -> str:
    """The reference of the public request with which one goes on that had a public page; empty where it does not."""
    record = await find(here.host, reference)
    if record is None or record.merged_into is None or record.jurisdiction != here.town.code or record.erased_at:
        return ""
    request_type = await type_of_record(here.host, record)
    other = await goes_on_with(record) if request_type.visibility.public and record.identity != "confidential" else None
    return other.reference if other is not None and sees(PUBLIC, other, here.host.jurisdictions) else ""


@get(patterns(":public", "{reference:str}"), name="public-page")
async def public_page(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """One request, with its public facts only."""
    if onward := await goes_on_at(here, reference):
        return see_other(address(here.language, ":public", onward))
    record = await public_record(here, reference)
    request_type = await type_of_record(here.host, record)
    shown = present(here.host, record, request_type, PUBLIC)
    stored = await kept_of(record)
    past = await entries_of(record)
    lines = await story(here.host, record, PUBLIC, here.language, stored, past)
    files = await files_for(here.host, record, PUBLIC, stored)
    boxes = await drawn(here.nouns(PagePanel, "portal.request"), here, record, lambda right: False)
    root = town_url(here.host, here.town)

    def file_address(id: str) -> str:
        return address(here.language, ":public", record.reference, ":files", id)

    return render(
        request,
        "portal/public.html",
        shown=shown,
        summary=summary_of(here, shown),
        links=await drawn(here.nouns(PagePanel, "portal.request.links"), here, shown, lambda right: False),
        beside=await drawn(here.nouns(PagePanel, "portal.request.side"), here, record, lambda right: False),
        boxes=(*boxes, *await plugin_panels(here.host, record, shown, PUBLIC)),
        heading=_said_by(boxes, "heading"),
        follow_words=_said_by(boxes, "follow"),
        rows=answer_rows([one.field for one in shown.fields], shown.answers, files),
        files=files_given(files, lines, file_address),
        entries=entries_of_story(lines, file_address),
        track=address(here.language, ":track", reference=record.reference),
        again=again_address(here, shown),
        same=here.list_address(type=shown.type),
        list_address=here.list_address(),
        canonical=f"{root}{address(here.language, ':public', record.reference)}",
        alternates=in_each(here.town.languages, ":public", record.reference),
    )


def _said_by(boxes: Iterable[Panel], name: str) -> Any:
    """What a box says in the place of the page itself; None where none does."""
    return next((box.values[name] for box in boxes if name in box.values), None)


def summary_of(here: Visit, shown: RequestView) -> str:
    """One sentence for those who share the page, as the list tells it."""
    zone = here.town.zone(shown.zone)
    where = shown.place.address if shown.place else ""
    parts = [say(shown.state_title), where, say(zone.name) if zone else ""]
    return gettext("%(type)s: %(facts)s.") % {
        "type": say(shown.title),
        "facts": ", ".join(part for part in parts if part),
    }


def again_address(here: Visit, shown: RequestView) -> str:
    """Where somebody reports another one of these; nothing once the town does not offer the type any more."""
    request_type = next((request_type for request_type in here.types if request_type.code == shown.type), None)
    return apply_address(here.language, request_type) if request_type else ""


@get(patterns(":public", "{reference:str}", ":files", "{id:str}"), name="public-file")
async def public_file(here: AtPortal, request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> Stream:
    record = await public_record(here, reference)
    file = await kept(id)
    if (
        file is None
        or file.request != record.id
        or not sees_audience(PUBLIC, file.audience, record, here.host.jurisdictions)
    ):
        raise NotFoundException("There is no such file.")
    return await handed_out(here.host, file, request=request, public=True)
