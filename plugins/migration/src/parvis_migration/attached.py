"""The files of the old system, in a folder or a ZIP, found by what the cells of a row call them."""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path, PurePosixPath

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.attached.attachments import MOST_BYTES, kept_of, kept_waiting
from parvis.requests.attached.dropping import discard
from parvis.requests.attached.receiving import plain_name, receive_file, split
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_migration.addresses import content_at, name_at
from parvis_migration.findings import Finding, found
from parvis_migration.refusals import refused
from parvis_sdk.calling import is_address
from parvis_sdk.errors import Later, OutsideError, Refused
from parvis_sdk.problems import Problem
from parvis_sdk.text import Text

PARTED = re.compile(r"[;|\n]")  # between several names in one cell
PARTED_ADDRESSES = re.compile(r"[;|](?=\s|$|https?://)|\n")  # an address may have such marks within
FIELD = "files"


class Content(Struct, frozen=True, kw_only=True):
    """Where one file lies, and its bytes."""

    path: str
    size: int


class OldFiles:
    """What lies in a folder or a ZIP, and below. Nothing outside of it is ever read, and no link followed."""

    def __init__(self, place: Path) -> None:
        self.place = place
        try:
            self._archive = None if place.is_dir() else zipfile.ZipFile(place)
        except (OSError, zipfile.BadZipFile) as error:
            raise refused(
                "{place} n’est ni un dossier ni un ZIP\u00a0: {error}",
                "{place} is neither a folder nor a ZIP: {error}",
                place=place,
                error=error,
            ) from None
        self._by_path: dict[str, Content] = {}
        self._by_name: dict[str, list[Content]] = {}
        for each in self._all():
            path = PurePosixPath(each.path)
            self._by_path[str(path).lower()] = each
            self._by_name.setdefault(path.name.lower(), []).append(each)

    def _all(self) -> Iterator[Content]:
        if self._archive is not None:
            for member in self._archive.infolist():
                if not member.is_dir():
                    yield Content(path=member.filename, size=member.file_size)
            return
        for file in sorted(self.place.rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield Content(path=file.relative_to(self.place).as_posix(), size=file.stat().st_size)

    def find(self, name: str) -> Content | str:
        """What a cell calls a file: its path below the place, or its name where one file alone has it; else why not."""
        wanted = str(PurePosixPath(name.replace("\\", "/"))).lower()
        if there := self._by_path.get(wanted):
            return there
        named = self._by_name.get(wanted.rpartition("/")[2], [])
        return named[0] if len(named) == 1 else "file_twice" if named else "no_file"

    def read(self, content: Content) -> bytes:
        """Its bytes, one more than may be taken at most."""
        if self._archive is None:
            with (self.place / content.path).open("rb") as file:
                return file.read(MOST_BYTES + 1)
        with self._archive.open(content.path) as member:
            return member.read(MOST_BYTES + 1)


def names_in(cell: str) -> tuple[str, ...]:
    """The files that a cell names.

    >>> names_in("a.jpg; photos/b.jpg")
    ('a.jpg', 'photos/b.jpg')
    >>> names_in("https://311.example/1;v=2|https://311.example/2")
    ('https://311.example/1;v=2', 'https://311.example/2')
    """
    parted = PARTED_ADDRESSES if "://" in cell else PARTED
    return tuple(dict.fromkeys(name for each in parted.split(cell) if (name := each.strip())))


def files_of(row: Mapping[str, str], columns: tuple[str, ...], old: OldFiles | None) -> tuple[list[str], list[Finding]]:
    """The files of a row that are there, and what is to be known of the others."""
    there, told = [], []
    for column in columns:
        for name in names_in(row.get(column, "")):
            if is_address(name):
                there.append(name)
                continue
            content = old.find(name) if old else "no_files_given"
            if isinstance(content, str):
                told.append(found(content, column=column, value=name))
            elif content.size > MOST_BYTES:
                told.append(found("file_large", column=column, value=name))
            else:
                there.append(name)
    return there, told


async def receive(
    host: Host, holder: str, names: tuple[str, ...], old: OldFiles | None, record: Record | None
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Take the files of a row as uploads are taken, those left out that its request has by their names; answers their
    ids, which wait under the holder, and why others are not taken. What is only away is told as `file_away`.
    """
    for each in await kept_waiting(holder):  # of a run that ended before its request was there
        await discard(host, holder, each.attachment.id)
    known = {split(each.attachment.name)[0] for each in await kept_of(record)} if record else set()
    ids, told = [], []
    for name, shown in shown_names(names).items():
        if split(shown)[0] in known:
            continue
        try:
            content = await _content(host, name, old)
        except Later as error:
            told.append(found("file_away", value=name, said=_text(error)))
            continue
        except Refused as error:
            told.append(found("file_refused", value=name, said=_text(error)))
            continue
        if content is None:
            continue
        kept = await receive_file(host, holder, FIELD, shown, content)
        if isinstance(kept, Problem):
            told.append(found("file_refused", value=name, said=kept.message))
        else:
            ids.append(kept.id)
    return tuple(ids), tuple(told)


def shown_names(names: tuple[str, ...]) -> dict[str, str]:
    """What the files of a row are called here: of those that have one name, each by a name of its own.

    >>> [*shown_names(("https://311.example/1/photo.jpg", "b.jpg")).values()]
    ['photo.jpg', 'b.jpg']
    >>> [*shown_names(("https://311.example/1/photo.jpg", "https://311.example/2/photo.jpg")).values()]
    ['photo-a4fb115c.jpg', 'photo-2df3db48.jpg']
    """
    shown = {name: plain_name(name_at(name) if is_address(name) else name) for name in names}
    number = Counter(split(each)[0] for each in shown.values())
    for name, each in shown.items():
        stem, ending = split(each)
        if number[stem] > 1:
            own = f"{stem}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:8]}"
            shown[name] = f"{own}.{ending}" if ending else own
    return shown


async def _content(host: Host, name: str, old: OldFiles | None) -> bytes | None:
    """The bytes of a file; None where it is not there, which its row was told of."""
    if is_address(name):
        return await content_at(host, name)
    there = old.find(name) if old else ""
    return None if old is None or isinstance(there, str) else old.read(there)


def _text(error: OutsideError) -> Text:
    return error.words if isinstance(error.words, Text) else Text(fr=error.words, en=error.words)


def holder_of(town: Jurisdiction, source: str, number: str) -> str:
    """Under what the files of a row wait for its request."""
    return sha256(f"import\0{town.code}\0{source}\0{number}".encode("utf-8", "replace")).hexdigest()
