"""Files sent with a form, from whatever page: received one by one for their question, each refused by itself."""

from collections.abc import Sequence

from litestar.datastructures import UploadFile

from parvis.requests.attached.attachments import waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.attached.receiving import plain_name, receive_file
from parvis.requests.host import Host
from parvis_sdk.fields import File, Photo
from parvis_sdk.problems import Problem, problem

MOST_NAMED = 5


async def take_files(
    host: Host, holder: str, field: Photo | File, path: str, uploads: Sequence[UploadFile], ids: list[str]
) -> tuple[Problem, ...]:
    """Receive what was sent for a question and put its ids after those there; what was not kept, each with its name.

    What is there already is kept once: a page that refused something is loaded again with its files.
    """
    troubles: list[Problem] = []
    beyond: list[str] = []
    there = await waiting(holder) if ids and uploads else {}
    known = {(there[id].name, there[id].digest) for id in ids if id in there}
    is_again = bool(known)
    for upload in uploads:
        if len(ids) >= field.most and not is_again:
            beyond.append(plain_name(upload.filename or ""))
            continue
        content = await upload.read(field.max_size + 1)
        received = await receive_file(
            host, holder, path, upload.filename or "", content, kinds=field.kinds, max_size=field.max_size
        )
        if isinstance(received, Problem):
            troubles.append(Problem(path=path, code=received.code, message=received.message))
        elif (which := (received.name, received.digest)) in known or len(ids) >= field.most:
            await discard(host, holder, received.id)
            if which not in known:
                beyond.append(received.name)
        else:
            known.add(which)
            ids.append(received.id)
    if beyond:
        names = ", ".join(beyond[:MOST_NAMED]) + ("…" if len(beyond) > MOST_NAMED else "")
        troubles.append(problem("files_many", path, label=field.label, limit=field.most, names=names))
    return tuple(troubles)
