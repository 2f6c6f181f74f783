"""What is handed out to be saved, by pages and by the API alike: its headers, and its content piece by piece."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO
from urllib.parse import quote

PIECE = 65_536
ALSO = "headers"  # in the state of a call: those that its answer has besides, whatever it is


def saved_as(name: str, size: int | None = None) -> dict[str, str]:
    """Headers of what is saved and never shown inside our pages; no copy of it is kept on the way."""
    length = {} if size is None else {"content-length": str(size)}
    return length | {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }


async def pieces(content: IO[bytes], most: int | None = None) -> AsyncIterator[bytes]:
    """What is open for reading, read in threads and closed at the end; `most` bytes of it, where that is said."""
    left = most
    try:
        while left != 0 and (piece := await asyncio.to_thread(content.read, min(PIECE, left or PIECE))):
            left = None if left is None else left - len(piece)
            yield piece
    finally:
        content.close()
