"""Response bodies: compressed for clients that accept it, tagged, omitted for clients that have the same."""

import zlib
from functools import lru_cache
from gzip import compress as gzipped
from hashlib import blake2b
from http import HTTPStatus
from typing import Any

import brotli  # type: ignore[import-untyped]

Pairs = list[tuple[bytes, bytes]]
BROTLI, GZIP = 4, 9  # how much is made of each
BEST = 11  # of brotli, for what is sent again and again: a seventh smaller, forty times the work
LEAST = 500  # bytes
GZIP_FORMAT = 31  # of zlib, with a head and an end of its own
LEFT_OUT_OF_304 = {b"content-length", b"content-type", b"content-encoding", b"set-cookie"}


@lru_cache(maxsize=256)
def coding_for(accepted: bytes) -> str:
    """How an answer may be packed, by what its caller says; "" for not at all.

    >>> coding_for(b"gzip, deflate, br"), coding_for(b"br;q=0, gzip;q=0.5"), coding_for(b"identity")
    ('br', 'gzip', '')
    """
    said = [one.replace(b" ", b"").partition(b";q=") for one in accepted.lower().split(b",")]
    read = {name for name, _, wish in said if wish.strip(b"0.") or not wish}
    return "br" if b"br" in read else "gzip" if b"gzip" in read else ""


def stays_as_it_is(scope: Any, start: Any) -> bool:
    """What is a part of something, what is packed already, and what its handler calls `uncompressed`."""
    is_packed = any(name == b"content-encoding" for name, _ in start["headers"])
    if is_packed or start["status"] == HTTPStatus.PARTIAL_CONTENT:
        return True
    handler = scope.get("route_handler")
    return handler is not None and bool(handler.opt.get("uncompressed"))


def packed(body: bytes, coding: str, quality: int = BROTLI) -> bytes:
    if coding == "br":
        made: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=quality)
        return made
    return gzipped(body, GZIP, mtime=0)  # without the time of day, so that the same stays the same


def packing(headers: Pairs, coding: str, length: int | None = None) -> Pairs:
    """The headers of what is packed; a stream has no length."""
    vary = b", ".join([*(value for name, value in headers if name == b"vary"), b"Accept-Encoding"])
    kept = [each for each in headers if each[0] not in (b"vary", b"content-length")]
    sized = [] if length is None else [(b"content-length", str(length).encode())]
    return [*kept, (b"vary", vary), (b"content-encoding", coding.encode()), *sized]


class Packer:
    """Packs a stream, so that each piece can be read as soon as it has come."""

    def __init__(self, coding: str) -> None:
        self.brotli: Any = brotli.Compressor(mode=brotli.MODE_TEXT, quality=BROTLI) if coding == "br" else None
        self.zlib = zlib.compressobj(GZIP, wbits=GZIP_FORMAT)

    def piece(self, body: bytes, *, is_last: bool) -> bytes:
        if self.brotli is None:
            return self.zlib.compress(body) + self.zlib.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
        made: bytes = self.brotli.process(body) + (self.brotli.finish() if is_last else self.brotli.flush())
        return made


def is_markable(start: Any) -> bool:
    """Whether a whole answer gets a tag: not what failed, what has one already, nor what nobody may keep."""
    if start["status"] != 200:
        return False
    given = dict(start["headers"])
    return b"etag" not in given and b"no-store" not in given.get(b"cache-control", b"")


def tag_of(body: bytes) -> str:
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def has(wanted: str, tag: str) -> bool:
    """Weak comparison: a proxy may have taken the mark of weakness away or put it there."""
    given = {one.strip().removeprefix("W/") for one in wanted.split(",")}
    return "*" in given or tag.removeprefix("W/") in given


def of_unchanged(headers: Pairs) -> Pairs:
    """What is said with 304."""
    return [each for each in headers if each[0] not in LEFT_OUT_OF_304]
