"""Beginning from a photo: kept for the form to come, and where it was taken read from it before that is taken out."""

import asyncio
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, UploadFile
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath
from litestar.response import Stream

from parvis.jurisdictions.places import locate
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests import drafting
from parvis.requests.attached.attachments import kept, waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.attached.receiving import receive_file
from parvis.web.addresses import address, patterns
from parvis.web.downloads import SMALL, handed_out
from parvis.web.pages import render
from parvis.web.portal.device import TOKEN
from parvis.web.portal.linked import PLACE, SERVICE, known_along
from parvis.web.portal.starting import TAKEN_ELSEWHERE, BroughtAlong, WaitingPhoto
from parvis.web.portal.visit import DRAFT_FIELD, AtPortal, Visit, see_other, visit
from parvis.web.typed import typed
from parvis_sdk.fields import PHOTO_KINDS
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
PHOTO_COOKIE = "parvis_photo"
FIELD = "photo"
MOST_BYTES = 15_000_000
PHOTOS, WINDOW = 60, timedelta(hours=1)
NONE_CHOSEN = Text(fr="Choisissez une photo.", en="Choose a photo.")


@get(patterns(":begin", ":photo"), name="begin-photo")
async def ask_photo(request: AnyRequest) -> Response[Any]:
    return show_photo(visit(request))


def show_photo(here: Visit, wrong: Problem | None = None) -> Response[Any]:
    return render(
        here.request,
        "on_the_spot/begin_photo.html",
        status=422 if wrong else 200,
        keep=False,
        problems=Problems(found=(wrong,)) if wrong else None,
        kinds=PHOTO_KINDS,
        most_bytes=MOST_BYTES,
        token=drafting.form_token(here.host.secret),
        action=address(here.language, ":begin", ":photo", **known_along(here, SERVICE)),
        begin_place=address(here.language, ":begin", ":place", **known_along(here, SERVICE)),
        alternates={language: address(language, ":begin", ":photo") for language in here.town.languages},
    )


@post(patterns(":begin", ":photo"), name="begin-take-photo", status_code=200)
async def take_photo(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """Keeps the photo; leads to what can be reported at the place that it tells, or to where the place is said."""
    sent = await typed(request)
    uploads = sent.files.get(FIELD, ())
    if not uploads:
        return show_photo(here, Problem(path=FIELD, code="required", message=NONE_CHOSEN))
    if not await take_try(here.host.engine, key_of("photo", caller_of(request)), PHOTOS, WINDOW):
        raise TooManyRequestsException("Too many photos came from this address within the hour.")
    token = sent.text(DRAFT_FIELD)
    if not drafting.is_ours(here.host.secret, token):
        token = drafting.form_token(here.host.secret)
    received = await receive(here, token, uploads[0])
    if isinstance(received, Problem):
        return show_photo(here, Problem(path=FIELD, code=received.code, message=received.message))
    query = known_along(here, SERVICE) | where_taken(here, received)
    onward = (":begin",) if PLACE in query else (":begin", ":place")
    return see_other(address(here.language, *onward, **query), here.kept(PHOTO_COOKIE, token, days=1))


async def receive(here: Visit, token: str, upload: UploadFile) -> tuple[float, float] | Problem | None:
    """Where the photo was taken, if it tells; the photo itself is kept without that, in place of an earlier one."""
    content = await upload.read(MOST_BYTES + 1)
    holder = drafting.holder_of(token)
    earlier = await waiting(holder)
    received = await receive_file(
        here.host, holder, FIELD, upload.filename or "", content, kinds=PHOTO_KINDS, max_size=MOST_BYTES
    )
    if isinstance(received, Problem):
        return received
    for id in earlier:
        await discard(here.host, holder, id)
    return await asyncio.to_thread(_place_of, content)


def where_taken(here: Visit, point: tuple[float, float] | None) -> dict[str, str]:
    if point is None:
        return {}
    if not locate(here.town, *point).inside:
        return {TAKEN_ELSEWHERE: "1"}
    return {PLACE: f"{point[1]},{point[0]}"}


@get(patterns(":begin", ":photo", "{id:str}"), name="begin-preview")
async def preview(here: AtPortal, request: AnyRequest, id: FromPath[str]) -> Stream:
    """The photo, shown only to the person who sent it."""
    file = await kept(id)
    if file is None or file.request is not None or file.holder != drafting.holder_of(token_here(here)):
        raise NotFoundException("There is no such file.")
    return await handed_out(here.host, file, request=request)


async def photo_here(here: Visit) -> WaitingPhoto | None:
    """The photo with which this browser began, as long as no form has it."""
    token = token_here(here)
    if not token or await drafting.load(here.host, token):
        return None
    file = next(iter((await waiting(drafting.holder_of(token))).values()), None)
    if file is None:
        return None
    shown = file.state == "ready"
    return WaitingPhoto(
        token=token,
        file=file,
        preview=f"{address(here.language, ':begin', ':photo', file.id)}?{SMALL}" if shown else "",
    )


def token_here(here: Visit) -> str:
    token = here.request.cookies.get(PHOTO_COOKIE, "")
    return token if TOKEN.fullmatch(token) and drafting.is_ours(here.host.secret, token) else ""


async def remove_photo(here: Visit) -> list[Cookie]:
    """The person wants to go on without it."""
    photo = await photo_here(here)
    if photo:
        await discard(here.host, drafting.holder_of(photo.token), photo.file.id)
    return forget_photo(here, photo)


def forget_photo(here: Visit, photo: WaitingPhoto | None) -> list[Cookie]:
    return [here.kept(PHOTO_COOKIE, "", days=0)] if photo else []


def _place_of(content: bytes) -> tuple[float, float] | None:
    """Where a photo was taken, in a thread; the first one loads what reads photos."""
    from parvis.requests.attached.images import place_of

    return place_of(content)


PHOTO = BroughtAlong(slot="portal.begin", name=":photo", found=photo_here, remove=remove_photo, forget=forget_photo)
