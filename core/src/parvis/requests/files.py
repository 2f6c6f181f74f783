"""Where the content of attachments lies: a small port, and a local folder that keeps each content once."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, Protocol


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

    def drop(self, digest: str) -> None:
        """Forget the content of that digest, if it is there."""
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
            except OSError as error:
                raise FilesAway(f"{self.folder}: {error.strerror}") from error
        return digest

    def _write(self, place: Path, content: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=".coming-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, place)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def open(self, digest: str) -> BinaryIO:
        return self._place(digest).open("rb")

    def drop(self, digest: str) -> None:
        self._place(digest).unlink(missing_ok=True)

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        return self.folder / digest[:2] / digest[2:4] / digest
