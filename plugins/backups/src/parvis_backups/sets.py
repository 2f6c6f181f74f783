"""A set: the folder of one backup, its parts, and the manifest that says what they must be."""

import fcntl
import hashlib
import hmac
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from parvis.cli.troubles import Unusable
from parvis.signing import matches

MANIFEST, FILES, LISTING = "manifest.json", "files", "files.txt"
SETTINGS, KEYS = "settings.tar.gz", "keys.age"
DATABASES = {"sqlite": "database.sqlite", "postgres": "database.dump"}
MAKING, LEAVING, LOCK = ".making-", ".leaving-", ".lock"
NAME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{6}Z")
PIECE = 1_000_000


class Part(Struct, frozen=True, kw_only=True):
    """One file of a set."""

    file: str
    size: int
    sha256: str


class RegisterMark(Struct, frozen=True, kw_only=True):
    """How far the register of destruction was when a set was made: its lines, and the mark of the last one."""

    lines: int = 0
    mark: str = ""


class Manifest(Struct, frozen=True, kw_only=True):
    """What a set holds. `counts` are the rows of its main tables; `mark` proves the rest by the secret of the
    installation; `destroyed` are contents that were destroyed between the snapshot and the copy, `missing` those that
    the database names all the same."""

    format: int = 1
    name: str
    made_at: datetime  # the moment that the database shows
    done_at: datetime
    version: str
    engine: str
    steps: dict[str, tuple[str, ...]]  # that each chain of migrations has had
    towns: tuple[str, ...]
    counts: dict[str, int]
    parts: tuple[Part, ...]
    files: int
    file_bytes: int
    linked: int  # files that an earlier set had too
    keys: str  # how they are sealed; empty where they were left out
    destroyed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    register: RegisterMark = RegisterMark()
    secret: str  # names the secret of the installation without telling it
    mark: str = ""

    @property
    def size(self) -> int:
        """Bytes of everything."""
        return sum(part.size for part in self.parts) + self.file_bytes

    def part(self, file: str) -> Part | None:
        return next((part for part in self.parts if part.file == file), None)


def marked(manifest: Manifest, secret: bytes) -> Manifest:
    """The manifest with the mark that proves it."""
    return structs.replace(manifest, mark=mark_of(manifest, secret))


def mark_of(manifest: Manifest, secret: bytes) -> str:
    body = msgspec.json.encode(structs.replace(manifest, mark=""))
    return hmac.new(secret, b"backup\0" + body, hashlib.sha256).hexdigest()


def is_proved(manifest: Manifest, secret: bytes) -> bool:
    """Whether the mark of a manifest was made with a key of this installation."""
    return matches(secret, manifest.mark, partial(mark_of, manifest))


def name_of_secret(secret: bytes) -> str:
    """Sixteen characters by which the same secret is known again."""
    return hmac.new(secret, b"which secret", hashlib.sha256).hexdigest()[:16]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The last file of a set."""
    body = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    with (folder / MANIFEST).open("xb") as file:
        file.write(body + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest:
    """What a set says of itself."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise Unusable(f"{folder} is no backup: it has no {MANIFEST}") from None
    except (OSError, msgspec.DecodeError) as error:
        raise Unusable(f"{folder / MANIFEST} cannot be read: {error}") from None


def part_of(folder: Path, file: str) -> Part:
    """A part as it lies there now."""
    return Part(file=file, size=(folder / file).stat().st_size, sha256=digest_of(folder / file))


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def place_of(folder: Path, digest: str) -> Path:
    """Where a content lies in a set."""
    return folder / FILES / digest[:2] / digest


def sets_in(folder: Path) -> list[Path]:
    """The whole sets of a folder, the oldest first."""
    return sorted(each for each in folder.iterdir() if NAME.fullmatch(each.name) and (each / MANIFEST).is_file())


def drop_older(folder: Path, keep: int) -> list[str]:
    """Only the newest sets stay, as many as are to be kept; the names of those that went."""
    gone = sets_in(folder)[:-keep] if keep else []
    for each in gone:
        shutil.rmtree(each.rename(folder / f"{LEAVING}{each.name}"))  # half a set never looks like one
    return [each.name for each in gone]


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """The only one that writes sets here; what one that was killed left behind goes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Unusable(f"{folder}: another backup is being made here") from None
        for each in folder.iterdir():
            if each.name.startswith((MAKING, LEAVING)):
                shutil.rmtree(each)
        yield
