"""The files and the words inside a `winmail.dat`, the envelope of Outlook (TNEF), as far as people need them."""

from collections.abc import Iterator
from struct import unpack_from

from msgspec import Struct

TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")
SIGNATURE = 0x223E9F78
BODY, RENDERING, TITLE, DATA = 0x800C, 0x9002, 0x8010, 0x800F
MOST_FILES = 40


class EnvelopeContent(Struct, frozen=True, kw_only=True):
    """What stood in the envelope: the words, and the files by name."""

    text: str
    files: tuple[tuple[str, bytes], ...]


def opened(content: bytes) -> EnvelopeContent | None:
    """What is inside, or None when it is no such envelope or is broken."""
    if len(content) < 6 or unpack_from("<I", content)[0] != SIGNATURE:
        return None
    text, files = "", list[list[bytes]]()
    for tag, value in _attributes(content):
        if tag is None:
            return None
        if tag == BODY:
            text = value.rstrip(b"\x00").decode("cp1252", "replace")
        elif tag == RENDERING and len(files) < MOST_FILES:
            files.append([b"", b""])
        elif tag in (TITLE, DATA) and files:
            files[-1][tag == DATA] = value
    return EnvelopeContent(
        text=text,
        files=tuple((name.rstrip(b"\x00").decode("cp1252", "replace"), inside) for name, inside in files if inside),
    )


def _attributes(content: bytes) -> Iterator[tuple[int | None, bytes]]:
    """Tag and value of each, in their order; a tag of None where the envelope is broken."""
    at = 6
    while at < len(content):
        if at + 9 > len(content):
            yield None, b""
            return
        _, tag, _, length = unpack_from("<BHHI", content, at)
        at += 9
        if at + length + 2 > len(content):
            yield None, b""
            return
        yield tag, content[at : at + length]
        at += length + 2  # a sum of the bytes follows, which nobody checks
