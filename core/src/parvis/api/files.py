"""Files: sent before the request that names them, and read by those who may see them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress

from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import Struct

from parvis.api.calls import AnyRequest, Call, Given, faulty, unprocessable
from parvis.api.operations import WORDS, operation
from parvis.downloads import pieces, saved_as
from parvis.i18n import gettext
from parvis.requests.access_log import AccessLog, with_reveals
from parvis.requests.attached.attachments import MOST_BYTES, FileHeld, StoredFile, content_of, kept
from parvis.requests.attached.receiving import receive_file
from parvis.requests.declarations import type_of_record
from parvis.requests.drafting import holder_of, new_token
from parvis.requests.offered import types_of
from parvis.requests.parts.together import reads_file
from parvis.requests.records import Record
from parvis.requests.records import get as get_record
from parvis.requests.references import is_key
from parvis.requests.timeline import files_unseen
from parvis.requests.visibility import HOLDER, PUBLIC, Viewer, sees, sees_audience
from parvis_sdk.fields import DOCUMENT_KINDS, AnyField, File, Group, Photo
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType

LARGEST = 25_000_000  # bytes of a file with what stands around it
SHORTEST_UPLOAD, LONGEST_UPLOAD = 20, 200  # short ones are guessed, and two strangers' files lie together


class UploadShape(Struct, frozen=True, kw_only=True):
    """A file received and waiting: name its `id` in answers, and send `upload` along with them."""

    id: str
    upload: str
    name: str
    kind: str
    size: int


@operation(
    "POST /attachments",
    "Send a file that a request or a message will name",
    status=201,
    query={"upload": WORDS},
    pace="upload",
    problems=(413,),
    tag="files",
    upload=True,
    largest=LARGEST,
)
async def upload_file(call: Given[Call], request: AnyRequest, upload: FromQuery[str] = "") -> UploadShape:
    """A file as multipart field `file`; `upload` of an earlier answer puts it with the files sent before."""
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile):
        raise faulty("file", "required", gettext("Send the file as the multipart field `file`."))
    if upload and not SHORTEST_UPLOAD <= len(upload) <= LONGEST_UPLOAD:
        raise faulty("upload", "unknown", "not_given")
    token = upload or new_token()
    content = await sent.read(MOST_BYTES + 1)
    kinds = kinds_taken(types_of(call.host, call.town))
    received = await receive_file(call.host, holder_of(token), "file", sent.filename, content, kinds=kinds)
    if isinstance(received, Problem):
        raise unprocessable(Problems(found=(received,)), call.language)
    return UploadShape(id=received.id, upload=token, name=received.name, kind=received.kind, size=received.size)


@operation(
    "GET /attachments/{id}",
    "The content of a file of a request that the caller sees",
    key=True,
    tag="files",
    download=True,
)
async def download_file(call: Given[Call], id: FromPath[str], key: FromQuery[str] = "") -> Stream:
    """Always as a download."""
    file = await kept(id)
    if file is not None and file.request is not None:
        record = await get_record(call.host, file.request)
        viewer = HOLDER if key and is_key(call.host.secret, record.id, key, record.holders) else call.viewer
        viewer = await with_reveals(viewer, record, call.host.jurisdictions)
        if viewer.is_staff and not await _reaches(call, viewer, file, record):
            viewer = PUBLIC  # a token reads what anybody may
        if record.jurisdiction == call.town.code and await _reaches(call, viewer, file, record):
            headers = saved_as(file.attachment.name, file.attachment.size)
            with suppress(FileNotFoundError):  # infected, destroyed since we looked, or lost by the store
                try:
                    content = pieces(await content_of(call.host, file))
                except FileHeld:
                    detail = gettext("This file is held until the antivirus has checked it.")
                    raise HTTPException(detail, status_code=404, headers={"retry-after": "5"}) from None
                call.host.of(AccessLog).at(viewer, record, "file")
                return Stream(content, media_type=file.attachment.kind, headers=headers)
    raise HTTPException(status_code=404, detail=gettext("There is no such file, or you may not see it."))


async def _reaches(call: Call, viewer: Viewer, file: StoredFile, record: Record) -> bool:
    """Whether a file is for this viewer: by their right over the request, or as one who is asked about it."""
    jurisdictions, id = call.host.jurisdictions, file.attachment.id
    if id in await files_unseen(record, viewer, jurisdictions):
        return False
    if sees(viewer, record, jurisdictions) and sees_audience(viewer, file.audience, record, jurisdictions):
        return True
    return await reads_file(call.host, viewer, record, await type_of_record(call.host, record), id)


def kinds_taken(types: Iterable[RequestType]) -> tuple[str, ...]:
    """Every kind of file that some question of these types takes; the question itself is asked when it is answered."""
    forms = [
        form
        for request_type in types
        for form in (request_type.form, *(each.asks for each in request_type.workflow.transitions))
    ]
    asked = [kind for form in forms for field in every_field(form.fields()) for kind in field.kinds]
    return tuple(dict.fromkeys((*DOCUMENT_KINDS, *asked)))


def every_field(fields: Iterable[AnyField]) -> Iterator[Photo | File]:
    """The questions for files, those in groups too."""
    for field in fields:
        if isinstance(field, Photo | File):
            yield field
        elif isinstance(field, Group):
            yield from every_field(field.fields)
