"""Everything about one person in one archive: a page to read, data for programs, and every file they sent or got."""

import asyncio
import shutil
import zipfile
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import structlog
from litestar import Request, get
from litestar.exceptions import TooManyRequestsException
from litestar.response import Stream

from parvis import clock
from parvis.i18n import gettext, say
from parvis.people.throttle import key_of, take_try
from parvis.requests.archive import Archive, Begun, as_data, documents_of, gather, names_of
from parvis.requests.attachments import FileHeld, Kept, content_of
from parvis.requests.heart import Heart
from parvis.requests.issuing.issued import content_of_document
from parvis.saving import pieces, saved_as
from parvis.territory.calendars import local_day
from parvis.web.addresses import patterns
from parvis.web.answers import answer_rows, place_words
from parvis.web.own.session import owner_or_out
from parvis.web.portal.drafting import part_of
from parvis.web.portal.showing import spoken
from parvis.web.portal.steps import answers_so_far, identity_fields
from parvis.web.portal.visit import Visit, visit
from parvis.web.storytelling import body
from parvis_sdk.reading import Reading

AnyRequest = Request[Any, Any, Any]
log = structlog.get_logger("parvis.own")
ARCHIVES, WINDOW = 6, timedelta(hours=1)
IN_MEMORY = 8_000_000


@get(patterns(":own", ":archive"), name="own-archive")
async def take_archive(request: AnyRequest) -> Stream:
    """A ZIP made for this person now; nothing of it is kept."""
    here = visit(request)
    owner = await owner_or_out(here)
    if not await take_try(here.heart.engine, key_of("own-archive", here.town.code, owner.email), ARCHIVES, WINDOW):
        raise TooManyRequestsException("Too many archives were made within the hour.")
    archive = await gather(here.heart, here.town, owner.email, here.language)
    packed = await pack(here, archive)
    log.info("own archive made", town=here.town.code, requests=len(archive.requests))
    name = f"parvis-{here.town.code}-{local_day(here.town.calendar, clock.now()).isoformat()}.zip"
    return Stream(pieces(packed), media_type="application/zip", headers=saved_as(name))


async def pack(here: Visit, archive: Archive) -> IO[bytes]:
    """The archive, written to disk where it is large; files that the store lost are left out and said to be missing."""
    found: list[tuple[str, IO[bytes]]] = []
    missing: list[str] = []
    for file, name in names_of(archive):
        content = await opened(here.heart, file)
        if content is None:
            missing.append(name)
        else:
            found.append((name, content))
    for document, name in documents_of(archive):
        try:
            found.append((name, await content_of_document(here.heart, document)))
        except FileNotFoundError:
            missing.append(name)
    page = readable(here, archive, missing).encode()
    return await asyncio.to_thread(written, page, as_data(archive), found)


async def opened(heart: Heart, file: Kept) -> IO[bytes] | None:
    try:
        return await content_of(heart, file)
    except (FileNotFoundError, FileHeld):
        return None


def written(page: bytes, data: bytes, files: list[tuple[str, IO[bytes]]]) -> IO[bytes]:
    packed: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lisez-moi.html", page)
        archive.writestr("donnees.json", data)
        for name, content in files:
            with content, archive.open(name, "w") as place:
                shutil.copyfileobj(content, place)
    packed.seek(0)
    return packed


def readable(here: Visit, archive: Archive, missing: list[str]) -> str:
    """The page inside, which needs nothing but itself."""
    names = {file.attachment.id: name for file, name in names_of(archive)}
    pages = here.request.app.state.pages
    with pages.catalogues.speaking(here.language, here.town.time_zone):
        return str(
            pages.environment.get_template("own/archive.html").render(
                language=here.language,
                title=gettext("Everything about you at %(town)s") % {"town": say(archive.town.name)},
                archive=archive,
                requests=[told(each, names) for each in archive.requests],
                drafts=[begun(here, each, names) for each in archive.drafts],
                missing=missing,
            )
        )


def told(each: Any, names: dict[str, str]) -> dict[str, Any]:
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
        "opinions": each.opinions,
    }


def begun(here: Visit, each: Begun, names: dict[str, str]) -> dict[str, Any]:
    """What was typed so far and can be read; the rest is in the data."""
    files = {file.attachment.id: file.attachment for file in each.files}
    kind, raw = each.kind, each.draft.raw
    rows = []
    if kind is not None:
        typed = answers_so_far(kind, raw, Reading(attachments=files))
        place = place_words(part_of(raw, "place")) if kind.place.need != "none" else ""
        rows = [{"key": gettext("Place"), "value": place}] if place else []
        rows += answer_rows(identity_fields(kind, here.channels), spoken(part_of(raw, "requester")), {})
        rows += answer_rows(list(kind.form.fields()), typed, files)
    return {
        "title": say(kind.title) if kind else each.draft.type,
        "draft": each.draft,
        "rows": rows,
        "files": [(names[id], file.name) for id, file in files.items()],
    }
