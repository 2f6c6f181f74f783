"""Whether a set is whole: each part as its manifest says, the database sound, every file there."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis_backups.contents import altered_in
from parvis_backups.postgres_tools import read_table_of_contents
from parvis_backups.sets import DATABASES, LISTING, Manifest, is_proved, part_of, read_manifest
from parvis_backups.snapshots import read_sqlite

SHOWN = 5


class Verified(Struct, frozen=True, kw_only=True):
    """A set, and what of it is wrong, in sentences; `unseen` is what could not be looked at here."""

    manifest: Manifest
    wrong: tuple[str, ...]
    unseen: tuple[str, ...]


def verified(folder: Path, *, secret: bytes = b"", every_byte: bool = True, tools: str = "") -> Verified:
    """Look through a set; without `every_byte`, at files by their size and at the database quickly."""
    manifest = read_manifest(folder)
    wrong = list(_parts_wrong(folder, manifest))
    unseen: list[str] = []
    if secret and not is_proved(manifest, secret):
        wrong.append("the manifest was altered, or is of an installation with another secret_key")
    elif not secret:
        unseen.append("whether the manifest is ours: there is no secret_key here")
    if not wrong:
        wrong += _files_wrong(folder, manifest, every_byte)
        wrong += _database_wrong(folder, manifest, every_byte)
        if manifest.engine == "postgres" and not wrong:
            try:
                if not read_table_of_contents(folder / DATABASES["postgres"], tools):
                    unseen.append("the dump: there is no pg_restore here")
            except Unusable as error:
                wrong.append(str(error))
    return Verified(manifest=manifest, wrong=tuple(wrong), unseen=tuple(unseen))


def refuse_altered(folder: Path, *, secret: bytes, every_byte: bool = True, tools: str = "") -> Verified:
    """Raise what is wrong with a set."""
    found = verified(folder, secret=secret, every_byte=every_byte, tools=tools)
    if found.wrong:
        raise Unusable(f"{folder} is not whole: " + "; ".join(found.wrong))
    return found


def _parts_wrong(folder: Path, manifest: Manifest) -> Iterator[str]:
    for part in manifest.parts:
        try:
            if part_of(folder, part.file) != part:
                yield f"{part.file} was altered"
        except OSError as error:
            yield f"{part.file} cannot be read ({error.strerror})"
    for needed in (DATABASES[manifest.engine], LISTING):
        if manifest.part(needed) is None:
            yield f"{needed} is in no manifest"


def _files_wrong(folder: Path, manifest: Manifest, every_byte: bool) -> Iterator[str]:
    if bad := altered_in(folder, every_byte=every_byte):
        yield f"{len(bad)} of {manifest.files} files altered or gone: {', '.join(each[:16] for each in bad[:SHOWN])}"


def _database_wrong(folder: Path, manifest: Manifest, every_byte: bool) -> Iterator[str]:
    if manifest.engine != "sqlite":
        return
    file = folder / DATABASES["sqlite"]
    try:
        said = read_sqlite(file, f"PRAGMA {'integrity' if every_byte else 'quick'}_check")
        if said != [("ok",)]:
            yield f"{file.name}: {said[0][0]}"
        for table, count in manifest.counts.items():
            if (found := read_sqlite(file, f'SELECT COUNT(*) FROM "{table}"')[0][0]) != count:  # noqa: S608
                yield f"{file.name}: {found} rows of {table}, not {count}"
    except sqlite3.Error as error:
        yield f"{file.name}: {error}"
