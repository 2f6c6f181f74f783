"""Files: sent before the request that names them, and read by those who may see them."""

from urllib.parse import quote

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from parvis.api.calls import AnyRequest, call_of, limited, unprocessable
from parvis.api.shapes import UploadShape
from parvis.requests.attachments import MOST_BYTES, content_of, kept, receive_file
from parvis.requests.drafts import holder_of, new_token
from parvis.requests.records import get as get_record
from parvis.requests.references import is_key
from parvis.requests.visibility import HOLDER, sees, sees_audience
from parvis_sdk.problems import Problem, Problems


@post("/attachments", status_code=201)
async def upload(request: AnyRequest, upload: FromQuery[str] = "") -> UploadShape:
    """A file as multipart field `file`; `upload` of an earlier answer puts it with the files sent before."""
    call = await call_of(request)
    limited(call, "upload")
    sent = (await request.form()).get("file")
    if not isinstance(sent, UploadFile):
        raise HTTPException(status_code=422, detail="Send the file as the multipart field `file`.")
    token = upload[:200] or new_token()
    content = await sent.read(MOST_BYTES + 1)
    received = await receive_file(call.heart, holder_of(token), "file", sent.filename, content)
    if isinstance(received, Problem):
        raise unprocessable(Problems(found=(received,)), call.language)
    return UploadShape(id=received.id, upload=token, name=received.name, kind=received.kind, size=received.size)


@get("/attachments/{id:str}")
async def download(request: AnyRequest, id: FromPath[str], key: FromQuery[str] = "") -> Response[bytes]:
    """A file of a request that the caller sees, always as a download."""
    call = await call_of(request)
    limited(call, "read")
    file = await kept(id)
    if file is not None and file.request is not None:
        record = await get_record(call.heart, file.request)
        viewer = HOLDER if key and is_key(call.heart.secret, record.id, key) else call.viewer
        territory = call.heart.territory
        here = record.jurisdiction == call.town.code
        if here and sees(viewer, record, territory) and sees_audience(viewer, file.audience, record, territory):
            name = quote(file.attachment.name, safe="")
            headers = {
                "content-disposition": f"attachment; filename*=UTF-8''{name}",
                "content-length": str(file.attachment.size),
                "cache-control": "private, no-store",
                "x-content-type-options": "nosniff",
            }
            opened = await content_of(call.heart, file)
            with opened:
                return Response(opened.read(), media_type=file.attachment.kind, headers=headers)
    raise HTTPException(status_code=404, detail="There is no such file, or you may not see it.")


HANDLERS = (upload, download)
