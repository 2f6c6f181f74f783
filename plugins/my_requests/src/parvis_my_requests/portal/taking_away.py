"""Everything about one person in one archive: a page to read, data for programs, and every file they sent or got."""

import asyncio
from datetime import timedelta
from typing import IO, Any

import structlog
from litestar import Request, get
from litestar.exceptions import TooManyRequestsException
from litestar.response import Stream

from parvis import clock
from parvis.downloads import pieces, saved_as
from parvis.i18n import format_date, gettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.people.throttle import key_of, take_try
from parvis.requests.access_log import WHOLE_TOWN, LookedOn
from parvis.web.addresses import patterns
from parvis.web.answers import answer_rows, place_words
from parvis.web.downloads import opened, packed
from parvis.web.portal.drafting import part_of
from parvis.web.portal.showing import spoken
from parvis.web.portal.steps import answers_so_far, identity_fields
from parvis.web.portal.visit import AtPortal, Visit
from parvis.web.storytelling import body
from parvis_my_requests.addresses import own
from parvis_my_requests.archive import Archive, ArchivedDraft, as_data, documents_of, gather, names_of
from parvis_my_requests.portal.session import TO_ENTRANCE, owner_or_out
from parvis_sdk.reading import Reading

AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger("parvis.own")
ARCHIVES, WINDOW = 6, timedelta(hours=1)


@get(patterns(*own(":archive")), name="own-archive", exception_handlers=TO_ENTRANCE)
async def take_archive(here: AtPortal) -> Stream:
    """A ZIP made for this person now; nothing of it is kept."""
    owner = await owner_or_out(here)
    if not await take_try(here.host.engine, key_of("own-archive", here.town.code, owner.email), ARCHIVES, WINDOW):
        raise TooManyRequestsException("Too many archives were made within the hour.")
    archive = await gather(here.host, here.town, owner.email, here.language)
    packed = await pack(here, archive)
    log.info("own archive made", town=here.town.code, requests=len(archive.requests))
    name = f"parvis-{here.town.code}-{local_day(here.town.calendar, clock.now()).isoformat()}.zip"
    return Stream(pieces(packed), media_type="application/zip", headers=saved_as(name))


async def pack(here: Visit, archive: Archive) -> IO[bytes]:
    """The archive; files that the store lost are left out and said to be missing."""
    found, missing = await opened(here.host, names_of(archive), documents_of(archive))
    pages = {"lisez-moi.html": readable(here, archive, missing).encode(), "donnees.json": as_data(archive)}
    return await asyncio.to_thread(packed, pages, found)


def readable(here: Visit, archive: Archive, missing: list[str]) -> str:
    """The page inside, which needs nothing but itself."""
    names = {file.attachment.id: name for file, name in names_of(archive)}
    pages = here.request.app.state.pages
    with pages.catalogues.speaking(here.language, here.town.time_zone):
        return str(
            pages.environment.get_template("my_requests/archive.html").render(
                language=here.language,
                title=gettext("Everything about you at %(town)s") % {"town": say(archive.town.name)},
                archive=archive,
                requests=[told(here, each, names) for each in archive.requests],
                drafts=[begun(here, each, names) for each in archive.drafts],
                missing=missing,
            )
        )


def told(here: Visit, each: Any, names: dict[str, str]) -> dict[str, Any]:
    shown = each.shown
    files = {file.attachment.id: file.attachment for file in each.files}
    return {
        "shown": shown,
        "contact": each.contact,
        "rows": answer_rows([one.field for one in shown.fields], shown.answers, files),
        "story": [(line, body(line)) for line in each.story],
        "files": [(names[id], file.name) for id, file in files.items()],
        "documents": [
            (f"documents/{shown.reference}/{one.name}", f"{say(one.title)} {one.number}") for one in each.documents
        ],
        "parts": [(part.title, [one for one in part.entries if one.title.fr]) for part in each.parts],
        "looked_at": each.looked_at,
        "looked_on": [(format_date(one.day), one.people, units_in_words(here, one)) for one in each.looked_at.days]
        if each.looked_at
        else [],
    }


def units_in_words(here: Visit, day: LookedOn) -> str:
    """The units by name, as far as they are known and still there."""
    units = here.town.units
    return ", ".join(
        gettext("the whole town") if code == WHOLE_TOWN else say(units[code].name) if code in units else code
        for code in day.units
    )


def begun(here: Visit, each: ArchivedDraft, names: dict[str, str]) -> dict[str, Any]:
    """What was typed so far and can be read; the rest is in the data."""
    files = {file.attachment.id: file.attachment for file in each.files}
    request_type, raw = each.request_type, each.draft.raw
    rows = []
    if request_type is not None:
        typed = answers_so_far(request_type, raw, Reading(attachments=files))
        place = place_words(part_of(raw, "place")) if request_type.place.need != "none" else ""
        rows = [{"key": gettext("Place"), "value": place}] if place else []
        rows += answer_rows(identity_fields(request_type, here.contact_methods), spoken(part_of(raw, "requester")), {})
        rows += answer_rows(list(request_type.form.fields()), typed, files)
    return {
        "title": say(request_type.title) if request_type else each.draft.type,
        "draft": each.draft,
        "rows": rows,
        "files": [(names[id], file.name) for id, file in files.items()],
    }
