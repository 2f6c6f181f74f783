"""A bucket that speaks S3: each content once, under its digest, laid out as in the folder of the host.

A content is taken whole or not at all: in one call, or in parts that become a content by the last call. What was
sent is read back, so that a digest is answered only for bytes that the bucket gives again.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import time  # noqa: TID251  the clock of the bucket is compared with that of the machine
from typing import Any, BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from parvis_s3_files.links import link
from parvis_s3_files.settings import Settings
from parvis_sdk.file_stores import FilesAway, is_digest
from parvis_sdk.text import Text

ASIDE = ".aside"
PROBE, WELL = ".check", b"well"
IN_MEMORY = 2_000_000
PIECE = 1_000_000
PART, PARTS_AT_ONCE = 8_000_000, 3  # bytes above which a content is sent in parts of that size, so many at once
GRACE = 5.0  # seconds after its own limit in which a call says why it failed
RETRIES = 2
LONGEST = 300


class Bucket:
    """The contents in one bucket, or in a folder of it."""

    name = "s3_files"

    def __init__(self, settings: Settings) -> None:
        place = f"{settings.endpoint or 'S3'}, {settings.bucket}"
        self.title = Text(fr=place, en=place)
        self.settings, self.seconds = settings, settings.seconds + GRACE
        keys = {"access_key_id": settings.access_key, "secret_access_key": settings.secret_key}
        self._s3 = _client(settings, checksum_algorithm="sha256", **keys)
        self._anybody = _client(settings, skip_signature=True)

    def keep(self, content: bytes) -> str:
        """What lies there in another length, as a machine between us and the bucket had made it, is sent anew."""
        digest = hashlib.sha256(content).hexdigest()
        with _said():
            if not self._lies_there(digest, len(content)):
                self._put(_key(digest), content)
                self._must_lie_there(digest)
        return digest

    def open(self, digest: str) -> BinaryIO:
        key = _key(digest)
        for each in (key, key + ASIDE, key):  # it may be brought back between two looks
            with _said():
                try:
                    return self._fetched(each, digest)
                except FileNotFoundError as error:
                    if "NoSuchBucket" in str(error):
                        raise FilesAway(_first_line(error)) from error
        raise FileNotFoundError(digest)

    def link(self, digest: str, name: str, kind: str) -> str:
        if not self.settings.link_seconds:
            return ""
        return link(self.settings, _key(digest), name, kind, datetime.fromtimestamp(time(), UTC))

    def set_aside(self, digest: str) -> None:
        self._move(_key(digest), _key(digest) + ASIDE)

    def bring_back(self, digest: str) -> None:
        self._move(_key(digest) + ASIDE, _key(digest))

    def drop(self, digest: str) -> None:
        key = _key(digest)
        with _said():
            obstore.delete(self._s3, key + ASIDE)

    def kept_before(self, part: int, moment: datetime) -> list[str]:
        found = dict[str, None]()
        with _said():
            before = moment + self._ahead()
            for pieces in obstore.list(self._s3, prefix=f"{part:02x}"):
                for each in pieces:
                    digest = each["path"].rpartition("/")[2].removesuffix(ASIDE)
                    if is_digest(digest) and each["last_modified"] < before:
                        found[digest] = None
        return list(found)

    def check(self) -> None:
        """Write something small, and read it: whatever else answers here is no bucket, and nobody else may read."""
        with _said():
            self._put(PROBE, WELL)
            if bytes(obstore.get(self._s3, PROBE).bytes()) != WELL:
                raise FilesAway("it answers other bytes than it was given")
        with suppress(BaseError, OSError):
            if bytes(obstore.get(self._anybody, PROBE).bytes()) == WELL:
                raise FilesAway("anybody may read this bucket without a key: take its public rights away")

    def _lies_there(self, digest: str, size: int) -> bool:
        try:
            return obstore.head(self._s3, _key(digest))["size"] == size
        except FileNotFoundError:
            return False

    def _must_lie_there(self, digest: str) -> None:
        """Read back what was just sent; other bytes are taken away, so that the next one who sends them is believed."""
        seen = hashlib.sha256()
        try:
            for piece in obstore.get(self._s3, _key(digest)).stream(min_chunk_size=PIECE):
                seen.update(piece)
        except FileNotFoundError:
            raise FilesAway("it took a content and does not have it") from None
        if seen.hexdigest() != digest:
            with suppress(BaseError, OSError):
                obstore.delete(self._s3, _key(digest))
            raise FilesAway("it took a content and gives other bytes back")

    def _ahead(self) -> timedelta:
        """By how much the clock of the bucket is ahead of ours, to a second: it dates what lies there."""
        before = time()
        self._put(PROBE, WELL)
        there = obstore.head(self._s3, PROBE)["last_modified"]
        ours = datetime.fromtimestamp((before + time()) / 2, UTC)
        return there - ours if abs(there - ours) > timedelta(seconds=2) else timedelta()

    def _put(self, key: str, content: bytes) -> None:
        parts = len(content) > PART
        obstore.put(self._s3, key, content, use_multipart=parts, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    def _move(self, here: str, there: str) -> None:
        """Copy first: whatever breaks off in between leaves the content where it is found."""
        with _said(), suppress(FileNotFoundError):
            obstore.copy(self._s3, here, there)
            obstore.delete(self._s3, here)

    def _fetched(self, key: str, digest: str) -> BinaryIO:
        found, seen = obstore.get(self._s3, key), hashlib.sha256()
        with ExitStack() as kept:
            file = kept.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
            for piece in found.stream(min_chunk_size=PIECE):
                file.write(piece)
                seen.update(piece)
            if seen.hexdigest() != digest:
                raise FilesAway(f"what lies at {key} is not what was kept there")
            file.seek(0)
            kept.pop_all()  # the caller closes it
        return cast("BinaryIO", file)


def _client(settings: Settings, **given: Any) -> S3Store:
    if settings.endpoint:  # otherwise Amazon’s, of which the library knows the address
        given["endpoint"] = settings.endpoint
    return S3Store(
        settings.bucket,
        prefix=settings.prefix.strip("/") or None,
        region=settings.region,
        client_options={
            "allow_http": settings.endpoint.startswith("http://"),
            "timeout": f"{settings.seconds}s",
            "connect_timeout": f"{min(settings.seconds, 5)}s",
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=settings.seconds)},
        **given,
    )


@contextmanager
def _said() -> Iterator[None]:
    """Whatever the bucket answers but yes and *there is no such content*: it cannot do this now."""
    try:
        yield
    except (BaseError, OSError) as error:
        raise FilesAway(_first_line(error)) from error


def _key(digest: str) -> str:
    if not is_digest(digest):
        raise FileNotFoundError(digest)
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _first_line(error: Exception) -> str:
    """What went wrong, without the inside of the library that it comes from."""
    return str(error).partition("\n")[0].strip()[:LONGEST]
