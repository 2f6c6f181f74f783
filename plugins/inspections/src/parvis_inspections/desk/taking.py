"""What a phone asks for while it sends: a fresh token of its person, and photos taken one by one."""

import base64
import hmac
from hashlib import sha256
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath

from parvis.i18n import say
from parvis.requests.attached.attachments import kept_of, kept_waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.drafting import holder_of
from parvis.requests.records import Record
from parvis.signing import oldest_key
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.pages import AnyRequest
from parvis.web.security import csrf_token, visitor_of
from parvis.web.typed import typed
from parvis_inspections.desk.access import opened
from parvis_inspections.desk.day import FIELD
from parvis_inspections.inspected import sent_before
from parvis_inspections.visits import Result, Visit
from parvis_sdk.fields import Photo
from parvis_sdk.problems import Problem
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

PHOTO = Photo(code="photos", label=Text(fr="Photos", en="Photos"), required=False, most=5)
LONGEST_KEY = 100
MARK = 64


@get(f"{FIELD}/jeton")
async def tell_token(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Who is signed in, what their next form is to carry, and what their work is sealed with on this device."""
    room.demand("work")
    secret = request.app.state.pages.secret
    seal = hmac.new(oldest_key(secret), b"field\0" + room.person.id.encode(), sha256).digest()
    told = {
        "person": room.person.id,
        "csrf": csrf_token(secret, visitor_of(request)),
        "seal": base64.b64encode(seal).decode(),
    }
    return Response(told, headers={"cache-control": "private, no-store"})


@post(f"{FIELD}/{{id:str}}/photo", status_code=200)
async def take_photo(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """One photo of a result to come; sent again under the same mark, it is the one that is there."""
    it, sent = await opened(room, id), await typed(request)
    key, mark = sent.text("_key")[:LONGEST_KEY], sent.text("mark")[:MARK]
    upload = next(iter(sent.files.get("photo", ())), None)
    if not key or not mark or upload is None:
        raise ClientException("A photo comes with its mark and the key of its result.")
    if await sent_before(it.visit, key):
        return Response({"id": "", "kept": True})
    holder = holder_for(room, it.visit, key)
    if there := next((each for each in await kept_waiting(holder) if each.field == mark), None):
        return Response({"id": there.attachment.id})
    content = await upload.read(PHOTO.max_size + 1)
    received = await receive_file(
        room.host, holder, mark, upload.filename or "", content, kinds=PHOTO.kinds, max_size=PHOTO.max_size
    )
    if isinstance(received, Problem):
        return Response({"state": "wrong", "why": say(received.message)}, status_code=422)
    return Response({"id": received.id})


def holder_for(room: DeskContext, visit: Visit, key: str) -> str:
    """Under what the photos of one person's result wait."""
    return holder_of(f"field {room.person.id} {visit.id} {key}")


async def files_known(record: Record, results: tuple[Result, ...]) -> dict[str, Attachment]:
    """The photos of results that were kept before."""
    named = {photo for each in results for found in each.found.values() for photo in found.photos}
    if not named:
        return {}
    return {each.attachment.id: each.attachment for each in await kept_of(record) if each.attachment.id in named}
