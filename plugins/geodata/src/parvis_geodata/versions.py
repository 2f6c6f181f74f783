"""Versions of a file of a town: who took which, from what, when; the one in force, and the one before.

They lie in the folder of the town, `versions/<subject>/`: each content under its digest, and `journal.jsonl` with one
line for each thing that was done. So they move, are backed up and are read with the town, without Parvis too. What a
command was about to do when it was killed stands in `coming.json`: the next one finishes it first.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis_geodata.mapping import Subject
from parvis_geodata.town_files import FORMER, former_after, former_names, names_in

FOLDER = "versions"
TAKING = ".taking-"
Deed = Literal["found", "taken", "undone"]


class Line(Struct, frozen=True, kw_only=True):
    """One line of the journal. `digest` is of the content that it put in force; empty where there was no file."""

    what: Deed
    version: int
    at: datetime
    by: str = ""
    digest: str = ""
    rows: int = 0
    source: str = ""
    source_digest: str = ""
    mapping: str = ""


class Coming(Struct, frozen=True, kw_only=True):
    """What is being done: the line that the journal gets, and the digest of what stands there until it is done."""

    line: Line
    instead_of: str


class Version(Struct, frozen=True, kw_only=True):
    """One version with what became of it."""

    line: Line
    is_in_force: bool
    undone: Line | None = None


class VersionedFile:
    """One file in the folder of a town, with its versions."""

    def __init__(self, town_folder: Path, subject: Subject, file: str) -> None:
        self.town_folder, self.subject = town_folder, subject
        self.path = town_folder / file
        self.folder = town_folder / FOLDER / subject.name.replace("/", "-")
        self.journal = self.folder / "journal.jsonl"
        self.coming = self.folder / "coming.json"

    def lines(self) -> list[Line]:
        """Those that were written whole: of one that was cut off by a crash or a full disk nothing had come about."""
        found: list[Line] = []
        for number, each in enumerate(self._written().splitlines(keepends=True), start=1):
            try:
                found.append(msgspec.json.decode(each, type=Line))
            except msgspec.DecodeError as error:
                if each.endswith(b"\n"):
                    raise Unusable(f"line {number} of {self.journal} cannot be read: {error}") from None
        return found

    def _written(self) -> bytes:
        return self.journal.read_bytes() if self.journal.is_file() else b""

    def standing(self) -> list[Line]:
        """Those that were taken or found and not undone: the last is in force."""
        stack: list[Line] = []
        for each in self.lines():
            if each.what == "undone":
                stack.pop()
            else:
                stack.append(each)
        return stack

    def versions(self) -> list[Version]:
        """All of them, the oldest first."""
        lines = self.lines()
        standing = self.standing()
        in_force = standing[-1].version if standing and standing[-1].digest == digest_of(self.now()) else 0
        undone = {each.version: each for each in lines if each.what == "undone"}
        return [
            Version(line=each, is_in_force=each.version == in_force, undone=undone.get(each.version))
            for each in lines
            if each.what != "undone"
        ]

    def now(self) -> bytes | None:
        """What stands in the file; None where there is none."""
        return self.path.read_bytes() if self.path.is_file() else None

    def before(self) -> bytes | None:
        """What `undo` puts in force; None where no file was there before."""
        standing = self.standing()
        by_hand = not standing or standing[-1].digest != digest_of(self.now())
        place = len(standing) - 1 if by_hand else len(standing) - 2
        if place < 0:
            raise Unusable(f"{self.path.name} has no version before: there is nothing to undo")
        digest = standing[place].digest
        content = (self.folder / digest).read_bytes() if digest else None
        if digest_of(content) != digest:
            raise Unusable(f"{self.folder / digest} was changed since: bring it back from a backup")
        return content

    def take(self, content: bytes, line: Line) -> Line:
        """Put a content in force. What somebody wrote by hand before becomes a version too, so that nothing is lost."""
        with self._alone():
            self._keep_found()
            if digest_of(content) == digest_of(self.now()):
                raise Unusable(f"{self.path.name} is already so: nothing was taken")
            taken = msgspec.structs.replace(line, version=self._next(), digest=self._keep(content), at=clock.now())
            self._do(taken, content)
            return taken

    def undo(self, by: str) -> tuple[Line, Line]:
        """Put the one before in force; the version that is undone, and the one that stands again."""
        with self._alone():
            content = self.before()
            self._keep_found()
            *_, before, last = self.standing()
            self._do(Line(what="undone", version=last.version, at=clock.now(), by=by, digest=before.digest), content)
            return last, before

    def finish(self) -> None:
        """Finish what a command that was killed had begun, unless somebody wrote the file by hand since."""
        with self._alone():
            pass

    def _do(self, line: Line, content: bytes | None) -> None:
        coming = Coming(line=line, instead_of=digest_of(self.now()))
        write_whole(self.coming, msgspec.json.encode(coming))
        self._note(line)
        self._put(content)
        self.coming.unlink()

    def _finish(self) -> None:
        if not self.coming.is_file():
            return
        coming = msgspec.json.decode(self.coming.read_bytes(), type=Coming)
        line = coming.line
        stands = digest_of(self.now())
        if stands in (coming.instead_of, line.digest):
            if self.lines()[-1:] != [line]:
                self._note(line)
            if stands != line.digest:
                self._put((self.folder / line.digest).read_bytes() if line.digest else None)
        self.coming.unlink()

    def _keep_found(self) -> None:
        """What stands in the file, and is not what the journal says, was written by hand."""
        content, standing = self.now(), self.standing()
        if not standing or standing[-1].digest != digest_of(content):
            self._note(Line(what="found", version=self._next(), at=clock.now(), digest=self._keep(content)))

    def _next(self) -> int:
        return max((each.version for each in self.lines()), default=0) + 1

    def _keep(self, content: bytes | None) -> str:
        digest = digest_of(content)
        if content is not None and not (self.folder / digest).exists():
            write_whole(self.folder / digest, content)
        return digest

    def _note(self, line: Line) -> None:
        """One line more, after whole lines: what was cut off at the end is written over."""
        written = self._written()
        whole = written.rfind(b"\n") + 1
        if whole < len(written) and len(self.lines()) > written.count(b"\n"):
            whole = len(written)  # a line of which nothing but its end is missing
        end = b"\n" if whole and not written[:whole].endswith(b"\n") else b""
        with self.journal.open("r+b" if written else "wb", buffering=0) as journal:
            journal.truncate(whole)
            journal.seek(whole)
            journal.write(end + msgspec.json.encode(line) + b"\n")
            os.fsync(journal.fileno())

    def _put(self, content: bytes | None) -> None:
        """The file, and the names of zones that go with what stood there before."""
        if self.subject.kind == "zones":
            gone = former_after(former_names(self.town_folder), names_in(self.now()), names_in(content))
            _write_or_remove(self.town_folder / FORMER, gone)
        _write_or_remove(self.path, content)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One command at a time."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Unusable(f"another command is at {self.path.name}: run this again once it is done") from None
            self._sweep()
            self._finish()
            yield

    def _sweep(self) -> None:
        """What a command that was killed had half written."""
        of_its_own = [self.path.name] + [FORMER] * (self.subject.kind == "zones")
        for left in (
            *self.folder.glob(f"{TAKING}*"),
            *(left for name in of_its_own for left in self.town_folder.glob(f"{TAKING}{name}-*")),
        ):
            left.unlink(missing_ok=True)


def digest_of(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()


def _write_or_remove(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """The whole file or, when killed, the one before; with the rights that it had."""
    handle, made = tempfile.mkstemp(prefix=f"{TAKING}{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(made).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(made).replace(path)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
