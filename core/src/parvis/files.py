"""The folder where contents lie unless the operator chooses another store: each once, under its digest."""

import hashlib
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from parvis_sdk.file_stores import FilesAway, is_digest
from parvis_sdk.text import Text

COMING, ASIDE = ".coming-", ".aside"


class LocalFiles:
    """Files in a folder, spread over two levels, written beside their place and moved in when safe on disk."""

    name, seconds = "local", 60.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.title = Text(fr=str(folder), en=str(folder))

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
            return self._opened(place)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise FilesAway(f"{self.folder}: {error.strerror}") from error

    def _opened(self, place: Path) -> BinaryIO:
        for each in (place, self._aside(place), place):  # it may be brought back between two looks
            with suppress(FileNotFoundError):
                return each.open("rb")
        raise FileNotFoundError(place.name)

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
        self._must_be_folder()
        found = dict[str, None]()
        for file in self.folder.glob(f"{part:02x}/*/*"):
            with suppress(FileNotFoundError):  # dropped meanwhile
                if file.stat().st_mtime >= moment.timestamp():
                    continue
                if file.name.startswith(COMING):
                    file.unlink()  # its writer ended before it had come
                else:
                    found[file.name.removesuffix(ASIDE)] = None
        return list(found)

    def check(self) -> None:
        """Whether something could be written here now."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=COMING):
                return
        except OSError as error:
            raise FilesAway(f"{self.folder}: {error.strerror}") from error

    def _must_be_folder(self) -> None:
        if self.folder.exists() and not self.folder.is_dir():
            raise FilesAway(f"{self.folder} is not a folder")

    def _place(self, digest: str) -> Path:
        if not is_digest(digest):
            raise FileNotFoundError(digest)
        return self.folder / digest[:2] / digest[2:4] / digest

    def _aside(self, place: Path) -> Path:
        return place.with_name(f"{place.name}{ASIDE}")
