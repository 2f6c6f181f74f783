"""Handing out files that people sent: pictures may be shown, everything else is only ever saved, nothing runs."""

import asyncio
from collections.abc import AsyncIterator
from typing import BinaryIO
from urllib.parse import quote

from litestar.exceptions import NotFoundException
from litestar.response import Stream

from parvis.requests.attachments import Kept, content_of
from parvis.requests.heart import Heart

PIECE = 65_536


async def handed_out(heart: Heart, file: Kept, *, saving: bool = False) -> Stream:
    """The content of a file, to whoever has been found to be allowed to see it."""
    try:
        content = await content_of(heart, file)
    except FileNotFoundError:
        raise NotFoundException("This file is no longer there.") from None
    shown = file.is_inline and not saving
    way = "inline" if shown else "attachment"
    headers = {
        "content-disposition": f"{way}; filename*=UTF-8''{quote(file.attachment.name)}",
        "content-length": str(file.attachment.size),
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, max-age=3600",
        "referrer-policy": "no-referrer",
    }
    kind = file.attachment.kind if shown else "application/octet-stream"
    return Stream(pieces(content), media_type=kind, headers=headers)


async def pieces(content: BinaryIO) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(content.read, PIECE):
            yield piece
    finally:
        content.close()
