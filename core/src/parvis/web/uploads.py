"""Files sent with a form, from whatever page: received one by one for their question, each refused by itself."""

from collections.abc import Iterable

from litestar.datastructures import UploadFile

from parvis.requests.attached.receiving import plain_name, receive_file
from parvis.requests.host import Host
from parvis_sdk.fields import File, Photo
from parvis_sdk.problems import Problem, problem

MOST_NAMED = 5


async def take_files(
    host: Host, holder: str, field: Photo | File, path: str, uploads: Iterable[UploadFile], ids: list[str]
) -> tuple[Problem, ...]:
    """Receive what was sent for a question and put its ids after those there; what was not kept, each with its name."""
    troubles: list[Problem] = []
    beyond: list[str] = []
    for upload in uploads:
        if len(ids) >= field.most:
            beyond.append(plain_name(upload.filename or ""))
            continue
        content = await upload.read(field.max_size + 1)
        received = await receive_file(
            host, holder, path, upload.filename or "", content, kinds=field.kinds, max_size=field.max_size
        )
        if isinstance(received, Problem):
            troubles.append(Problem(path=path, code=received.code, message=received.message))
        else:
            ids.append(received.id)
    if beyond:
        names = ", ".join(beyond[:MOST_NAMED]) + ("…" if len(beyond) > MOST_NAMED else "")
        troubles.append(problem("files_many", path, label=field.label, limit=field.most, names=names))
    return tuple(troubles)
