"""Handing out files that people sent: pictures may be shown, the rest is only ever saved; many are packed in one."""

import asyncio
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO
from urllib.parse import quote

from litestar import Request
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Stream

from parvis.downloads import pieces
from parvis.requests.attached.attachments import INLINE, SAVED, FileHeld, StoredFile, content_of, link_to
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import PartPaper
from parvis.web.bodies import has
from parvis_sdk.requests import Attachment

SMALL, SAVING = "petite", "telecharger"  # asked for in the address
SMALL_KIND = "image/webp"
PRIVATE, PUBLIC = "private, max-age=3600", "public, max-age=600"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


async def handed_out(
    host: Host,
    file: StoredFile,
    *,
    request: Request[Any, Any, Any] | None = None,
    saving: bool = False,
    public: bool = False,
) -> Stream:
    """The content of a file, to a person who was found to be allowed to see it; its small copy where that is asked for.

    With the request, what the browser has already is not sent again, and a part is sent where a part is wanted. What is
    saved and large leaves from the store itself, where that hands out addresses.
    """
    small = bool(file.small) and request is not None and SMALL in request.query_params
    shown = file.is_inline and not saving
    if not (small or shown or public) and (there := await link_to(host, file)):
        headers = {"location": there, "cache-control": "no-store", "referrer-policy": "no-referrer"}
        return Stream((), status_code=HTTPStatus.SEE_OTHER, headers=headers)
    try:
        content = await content_of(host, file, small=small)
    except FileHeld:
        headers = {"retry-after": "5", "cache-control": "no-store"}
        detail = "This file is held until the antivirus has seen it."
        raise HTTPException(detail, status_code=HTTPStatus.NOT_FOUND, headers=headers) from None
    except FileNotFoundError:
        raise NotFoundException("This file is no longer there.") from None
    tag = f'"{file.attachment.digest[:32]}{"-s" if small else ""}"'
    headers = {
        "content-disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.attachment.name)}",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": PUBLIC if public else PRIVATE,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "etag": tag,
        "accept-ranges": "bytes",
    }
    if request is not None and has(request.headers.get("if-none-match", ""), tag):
        content.close()
        return Stream((), status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    kind = (SMALL_KIND if small else file.attachment.kind) if shown else SAVED
    return await _sent(content, kind, headers, request)


async def _sent(
    content: BinaryIO, kind: str, headers: dict[str, str], request: Request[Any, Any, Any] | None
) -> Stream:
    size = await asyncio.to_thread(content.seek, 0, 2)
    wanted = request.headers.get("range", "") if request is not None and "if-range" not in request.headers else ""
    part = part_of(wanted, size)
    if part is None:
        content.close()
        headers["content-range"] = f"bytes */{size}"
        return Stream((), status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    start, end = part
    await asyncio.to_thread(content.seek, start)
    headers["content-length"] = str(end - start)
    status = HTTPStatus.OK
    if (start, end) != (0, size):
        status, headers["content-range"] = HTTPStatus.PARTIAL_CONTENT, f"bytes {start}-{end - 1}/{size}"
    return Stream(pieces(content, end - start), status_code=status, media_type=kind, headers=headers)


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """Which bytes are asked for, from where to before where: all unless it is one part, None where there are none.

    >>> part_of("bytes=0-99", 500), part_of("bytes=-10", 500), part_of("bytes=0-1,5-9", 500), part_of("bytes=900-", 500)
    ((0, 100), (490, 500), (0, 500), None)
    >>> part_of("bytes=0-" + "9" * 5000, 500)  # more digits than any file has bytes
    (0, 500)
    """
    found = RANGE.fullmatch(wanted.strip())
    if found is None or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last) + 1, size) if first and last else size
    return (start, end) if start < end else None


IN_MEMORY = 8_000_000
Found = list[tuple[str, IO[bytes]]]


async def opened(
    host: Host, files: Iterable[tuple[StoredFile, str]], documents: Iterable[tuple[PartPaper, str]]
) -> tuple[Found, list[str]]:
    """What is to be packed under its name, open for reading, and the names of what the store lost or holds back."""
    found: Found = []
    missing: list[str] = []
    for file, name in files:
        try:
            found.append((name, await content_of(host, file)))
        except (FileNotFoundError, FileHeld):
            missing.append(name)
    for document, name in documents:
        try:
            found.append((name, await asyncio.to_thread(host.files.open, document.content)))
        except FileNotFoundError:
            missing.append(name)
    return found, missing


def packed(pages: Mapping[str, bytes], files: Found) -> IO[bytes]:
    """The archive, on disk where it is large; to be called in a thread."""
    made: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, page in pages.items():
            archive.writestr(name, page)
        for name, content in files:
            with content, archive.open(name, "w") as place:
                shutil.copyfileobj(content, place)
    made.seek(0)
    return made


def shown_file(file: Attachment, href: str, **more: Any) -> dict[str, Any]:
    """For `file_list` and for the files of a question; `photo` is empty where there is nothing to be looked at."""
    is_photo = file.state == "ready" and file.kind in INLINE
    return {
        "id": file.id,
        "name": file.name,
        "size": file.size,
        "state": file.state,
        "href": href,
        "photo": f"{href}{'&' if '?' in href else '?'}{SMALL}" if is_photo else "",
        **more,
    }
