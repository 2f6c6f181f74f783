"""Where the content of attachments lies: a small port, and a local folder that keeps each content once."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

PARTS = 256
COMING, ASIDE = ".coming-", ".aside"


class FilesAway(Exception):
    """No room for a file, or no way to write one; nothing of it was kept and the next try may succeed."""


class FileStore(Protocol):
    """Keeps content under its SHA-256 digest. Every method blocks: call it in a thread."""

    def keep(self, content: bytes) -> str:
        """Keep the content safely and answer its digest, or raise `FilesAway`; the same content twice is one file."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """The content of that digest; `FileNotFoundError` when it is gone."""
        ...

    def set_aside(self, digest: str) -> None:
        """Before dropping: from now on `keep` writes this content anew, while `open` still finds it."""
        ...

    def bring_back(self, digest: str) -> None:
        """Instead of dropping: somebody has come to need what was set aside."""
        ...

    def drop(self, digest: str) -> None:
        """Destroy what was set aside."""
        ...

    def kept_before(self, part: int, moment: datetime) -> list[str]:
        """The digests in one of the `PARTS` of the store, of contents that are older than that."""
        ...


class LocalFiles:
    """Files in a folder, spread over two levels, written beside their place and moved in when safe on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        place = self._place(digest)
        if not place.exists():
            try:
                self._write(place, content)
                self._make_last(place)
            except OSError as error:
                raise FilesAway(f"{self.folder}: {error.strerror}") from error
        return digest

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=COMING)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _make_last(self, place: Path) -> None:
        # A name is on disk when its folder is; the content was before.
        for folder in (place.parent, place.parent.parent, self.folder):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    def open(self, digest: str) -> BinaryIO:
        place = self._place(digest)
        try:
            return place.open("rb")
        except FileNotFoundError:
            return self._aside(place).open("rb")

    def set_aside(self, digest: str) -> None:
        place = self._place(digest)
        with suppress(FileNotFoundError):
            place.rename(self._aside(place))

    def bring_back(self, digest: str) -> None:
        place = self._place(digest)
        with suppress(FileNotFoundError):
            self._aside(place).rename(place)

    def drop(self, digest: str) -> None:
        self._aside(self._place(digest)).unlink(missing_ok=True)

    def kept_before(self, part: int, moment: datetime) -> list[str]:
        found = []
        for file in self.folder.glob(f"{part:02x}/*/*"):
            with suppress(FileNotFoundError):  # dropped meanwhile
                if file.stat().st_mtime >= moment.timestamp():
                    continue
                if file.name.startswith(COMING):
                    file.unlink()  # its writer ended before it had come
                else:
                    found.append(file.name.removesuffix(ASIDE))
        return found

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        return self.folder / digest[:2] / digest[2:4] / digest

    def _aside(self, place: Path) -> Path:
        return place.with_name(f"{place.name}{ASIDE}")
