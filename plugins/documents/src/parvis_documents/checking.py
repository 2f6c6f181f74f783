"""A file compared with what the town issued: by its digest and, where that is unknown, by the code that it carries.

The file may be hostile, so it is never opened as a PDF. Its bytes are hashed and searched for the address that every
document of the town carries; of its streams only those that may hold that address are inflated, within limits.
"""

import asyncio
import re
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from parvis_documents.codes import VERIFY, normalise_code
from parvis_documents.issued import IssuedDocument, issued_with_digest, verified

LARGEST = 20_000_000  # bytes of a file
CARRIED = re.compile(rb"/(?:" + "|".join(VERIFY.values()).encode() + rb")/([0-9A-Z]{12})\b")
OBJECTS, STREAM = b"/ObjStm", re.compile(rb"\bstream\r?\n")
FAR = 400  # bytes between the two
MOST_CODES = 5
MOST_STREAMS = 400
MOST_OF_ONE, MOST_OF_ALL = 2_000_000, 16_000_000  # bytes, both as they are read and once inflated

Comparison = Literal["genuine", "altered", "unknown"]


class Compared(Struct, frozen=True, kw_only=True):
    """What a file is: byte by byte what the town issued, something else under a code of the town, or neither."""

    comparison: Comparison
    document: IssuedDocument | None = None


async def compared(jurisdiction: str, content: bytes, typed: str = "") -> Compared:
    """The file beside the documents of a town; `typed` is a code that was typed with it, as it is kept."""
    digest, carried = await asyncio.to_thread(_looked_at, content)
    for document in await issued_with_digest(digest):
        if document.jurisdiction == jurisdiction:
            return Compared(comparison="genuine", document=document)
    for code in dict.fromkeys([typed, *carried] if typed else carried):
        found = await verified(code)
        if found is not None and found.jurisdiction == jurisdiction:
            return Compared(comparison="altered", document=found)
    return Compared(comparison="unknown")


def _looked_at(content: bytes) -> tuple[str, list[str]]:
    return sha256(content).hexdigest(), codes_in(content)


def codes_in(content: bytes) -> list[str]:
    """The codes of verification pages that a file links to, those in plain sight first."""
    found: dict[str, None] = {}
    for part in (content, *_opened(content)):
        for each in CARRIED.finditer(part):
            if code := normalise_code(each[1].decode()):
                found[code] = None
            if len(found) >= MOST_CODES:
                return [*found]
        if found:
            break
    return [*found]


def leads_to(content: bytes, addresses: Iterable[str]) -> bool:
    """Whether a file links to one of these addresses as a whole: a code at another host is none of the town’s."""
    wanted = [each.encode() for each in addresses]
    return any(each in part for part in (content, *_opened(content)) for each in wanted)


def _opened(content: bytes) -> Iterator[bytes]:
    """What the streams of objects hold in which programs hide links when they save a PDF again."""
    left, at = MOST_OF_ALL, 0
    for _ in range(MOST_STREAMS):
        at = content.find(OBJECTS, at) + len(OBJECTS)
        if at < len(OBJECTS) or left <= 0:
            return
        begins = STREAM.search(content, at, at + FAR)
        if begins is None:
            continue
        most, stream = min(MOST_OF_ONE, left), zlib.decompressobj()
        packed = memoryview(content)[begins.end() : begins.end() + most]
        try:
            held = stream.decompress(packed, most)
        except zlib.error:
            left -= most  # how far it came before it failed is not told
            continue
        left -= max(len(held), len(packed) - len(stream.unconsumed_tail) - len(stream.unused_data))
        yield held
