"""Many texts in few arrays, and arrays kept in a folder that all processes of a machine map: one copy in its memory."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy
from numpy.typing import NDArray

from parvis import clock

FORM = "2"  # of what is kept; another one is made anew
VARIABLES = ("CACHE_DIRECTORY", "XDG_CACHE_HOME")  # of systemd, and of the user who runs a command
PIECE = 1_000_000
HEAD = 128  # bytes before what a column holds
UNUSED = 30 * 24 * 3600.0  # seconds
Columns = dict[str, NDArray[Any]]


class Texts:
    """Texts one after the other, each found by its place."""

    def __init__(self, ends: NDArray[Any], words: NDArray[Any]) -> None:
        self.ends, self.words = ends, words

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Texts":
        written = [text.encode() for text in texts]
        ends = numpy.cumsum([len(each) for each in written], dtype=numpy.int64)
        return cls(ends, numpy.frombuffer(b"".join(written), dtype=numpy.uint8))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, at: int) -> str:
        begin = int(self.ends[at - 1]) if at else 0
        return self.words[begin : int(self.ends[at])].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        return (self[at] for at in range(len(self)))


class SomeTexts:
    """Texts that a few of many things have, by the number of the thing."""

    def __init__(self, numbers: NDArray[Any], texts: Texts) -> None:
        self.numbers, self.texts = numbers, texts

    @classmethod
    def of(cls, given: Mapping[int, str]) -> "SomeTexts":
        """Given in the order of their numbers."""
        return cls(numpy.array(list(given), dtype=numpy.int32), Texts.of(given.values()))

    def get(self, number: int) -> str | None:
        at = int(numpy.searchsorted(self.numbers, number))
        return self.texts[at] if at < len(self.numbers) and self.numbers[at] == number else None

    def items(self) -> Iterator[tuple[int, str]]:
        return ((int(number), self.texts[at]) for at, number in enumerate(self.numbers))


def columns_of(folder: Path | None) -> Columns | None:
    """What was kept there, mapped; None where nothing was, or it cannot be read."""
    try:
        if folder is None or folder.stat().st_uid != os.geteuid():
            return None
        found = {each.stem: numpy.asarray(numpy.load(each, mmap_mode=_way(each))) for each in folder.iterdir()}
        os.utime(folder)
    except (EOFError, OSError, ValueError):
        return None
    return found


def keep_columns(folder: Path, columns: Columns) -> Columns:
    """Keep them there for all processes, and answer them mapped; where there is no room, as they are."""
    if (kept := _whole(folder, columns)) is not None:  # another process was there first
        return kept
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
        try:
            for name, column in columns.items():
                _write(making / f"{name}.npy", column)
            _make_last(making)
            if folder.exists() and _whole(folder, columns) is None:  # half of it: a cleaner of caches took the rest
                _destroy(folder)
            making.rename(folder)
            _make_last(folder.parent)
            _drop_unused(folder.parent)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError:  # full, not ours, or another process was there first
        pass
    return _whole(folder, columns) or columns


def _whole(folder: Path, columns: Columns) -> Columns | None:
    kept = columns_of(folder)
    return kept if kept is not None and kept.keys() == columns.keys() else None


def _write(file: Path, column: NDArray[Any]) -> None:
    with file.open("wb") as written:
        numpy.save(written, column)
        written.flush()
        os.fsync(written.fileno())


def _make_last(folder: Path) -> None:
    """The names in a folder are on disk when the folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _way(file: Path) -> Literal["r"] | None:
    return "r" if file.stat().st_size > HEAD else None  # nothing cannot be mapped


def _drop_unused(folder: Path) -> None:
    """What no process has begun with for long: of files that are other ones now."""
    for each in folder.iterdir():
        if clock.now().timestamp() - each.stat().st_mtime > UNUSED:
            _destroy(each)


def _destroy(folder: Path) -> None:
    going = folder.with_name(f".going-{os.getpid()}-{folder.name}")  # at once, so that nobody reads half of it
    folder.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def place_of(file: Path) -> Path | None:
    """The folder for what is made of this file, by its digest; none where nothing is kept or it cannot be read."""
    named = next((Path(os.environ[name]) for name in VARIABLES if os.environ.get(name)), None)
    home = os.environ.get("HOME", "")
    root = named or (Path(home) / ".cache" if home else None)
    if root is None or not root.is_absolute():
        return None
    seen = hashlib.sha256(FORM.encode())
    try:
        with file.open("rb") as given:
            while piece := given.read(PIECE):
                seen.update(piece)
    except OSError:
        return None
    return root / "parvis-addresses" / seen.hexdigest()[:32]
