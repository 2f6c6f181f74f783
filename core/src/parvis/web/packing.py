"""Pages, data and files in one ZIP, made for who asks and never kept."""

import asyncio
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO

from parvis.requests.attached.attachments import FileHeld, StoredFile, content_of
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import PartPaper

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
