"""A bucket that speaks S3: each content once, under its digest, laid out as in the folder of the host.

A content is sent in one call, which a bucket takes whole or not at all: there are no halves to clear away.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import time  # noqa: TID251  the clock of the bucket is compared with that of the machine
from typing import BinaryIO, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from parvis_s3_files.settings import Settings
from parvis_sdk.file_stores import FilesAway, is_digest
from parvis_sdk.text import Text

ASIDE = ".aside"
PROBE, WELL = ".check", b"well"
IN_MEMORY = 2_000_000
PIECE = 1_000_000
GRACE = 5.0  # seconds after its own limit in which a call says why it failed
RETRIES = 2
LONGEST = 300


class Bucket:
    """The contents in one bucket, or in a folder of it."""

    name = "s3_files"

    def __init__(self, settings: Settings) -> None:
        place = f"{settings.endpoint or 'S3'}, {settings.bucket}"
        self.title = Text(fr=place, en=place)
        self.seconds = settings.seconds + GRACE
        self._s3 = S3Store(
            settings.bucket,
            prefix=settings.prefix.strip("/") or None,
            endpoint=settings.endpoint or None,
            region=settings.region,
            access_key_id=settings.access_key,
            secret_access_key=settings.secret_key,
            checksum_algorithm="sha256",
            client_options={
                "allow_http": settings.endpoint.startswith("http://"),
                "timeout": f"{settings.seconds}s",
                "connect_timeout": f"{min(settings.seconds, 5)}s",
            },
            retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=settings.seconds)},
        )

    def keep(self, content: bytes) -> str:
        """What lies there in another length, as a machine between us and the bucket had made it, is sent anew."""
        digest = hashlib.sha256(content).hexdigest()
        with _said():
            if not self._lies_there(digest, len(content)):
                self._put(_key(digest), content)
                if not self._lies_there(digest, len(content)):
                    raise FilesAway("it took a content and does not have it")
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
        """Write something small, and read it: whatever else answers at this address is no bucket."""
        with _said():
            self._put(PROBE, WELL)
            if bytes(obstore.get(self._s3, PROBE).bytes()) != WELL:
                raise FilesAway("it answers other bytes than it was given")

    def _lies_there(self, digest: str, size: int) -> bool:
        try:
            return obstore.head(self._s3, _key(digest))["size"] == size
        except FileNotFoundError:
            return False

    def _ahead(self) -> timedelta:
        """By how much the clock of the bucket is ahead of ours, to a second: it dates what lies there."""
        before = time()
        self._put(PROBE, WELL)
        there = obstore.head(self._s3, PROBE)["last_modified"]
        ours = datetime.fromtimestamp((before + time()) / 2, UTC)
        return there - ours if abs(there - ours) > timedelta(seconds=2) else timedelta()

    def _put(self, key: str, content: bytes) -> None:
        obstore.put(self._s3, key, content, use_multipart=False)

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
            kept.pop_all()  # whoever asked closes it
        return cast("BinaryIO", file)


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
