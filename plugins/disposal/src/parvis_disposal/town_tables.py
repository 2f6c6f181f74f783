"""Everything that the database holds of a town, as open files: a table in each, a row in each line.

`tables/NAME.jsonl` is JSON, one object for a row: moments in UTC, contents that are no text in base64, JSON that is
kept as text as the very text, which histories are sealed by. `contents.csv` says where each file lies in the archive:
in the `.zip` of its request, or under `files/`. `town.json` says what all of it is, and is written last.
"""

import asyncio
import csv
import hashlib
import hmac
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from parvis import __version__, clock
from parvis.cli.troubles import Unusable
from parvis.jurisdictions import Jurisdiction
from parvis.requests.erasure_rules import columns_of_contents
from parvis.requests.host import Host
from parvis_disposal.one_moment import Moment, one_moment
from parvis_disposal.town_rows import TownTable, sorted_tables
from parvis_sdk.file_stores import FilesAway

FORMAT = "parvis-town/1"
TABLES, CONTENTS, FILES, MANIFEST, EXPLAINED = "tables", "contents.csv", "files", "town.json", "LISEZMOI.txt"
CODE = re.compile(r"[a-z][a-z0-9_-]{0,59}")
DIGEST = re.compile(r"[0-9a-f]{64}")
PASSWORDS = "agent", frozenset({"password"})
NEVER = {"agent": {"one_time_secret": "", "one_time_last": 0}}  # what proves a second factor is set up anew
STEPS = "SELECT app_name, name FROM migration ORDER BY app_name, name"
IN_ARCHIVE = "!"  # between an archive and the name of a file in it
PIECE = 1 << 20
Told = Callable[[str], None]


class TableFile(Struct, frozen=True, kw_only=True):
    """A table of the archive: its owner, what its rows are, the kind of value in each column, how many rows."""

    name: str
    owner: str
    about: str
    columns: dict[str, str]
    rows: int


class TownManifest(Struct, frozen=True, kw_only=True):
    """What an archive holds beside the archives of requests; `secret` names the key of its private links."""

    format: str
    parvis: str
    town: str
    made_at: datetime
    secret: str
    has_passwords: bool
    steps: dict[str, tuple[str, ...]]
    tables: tuple[TableFile, ...]
    staying: dict[str, str]
    missing_files: tuple[str, ...] = ()


def name_of_secret(secret: bytes) -> str:
    """Sixteen characters by which the same secret is known again, and nothing else."""
    return hmac.new(secret, b"which secret", hashlib.sha256).hexdigest()[:16]


async def write_tables(
    host: Host, town: Jurisdiction, folder: Path, told: Told, *, with_passwords: bool
) -> TownManifest:
    """All rows of a town as of one moment, then the files that no archive of a request has; `town.json` comes last."""
    if not CODE.fullmatch(town.code):
        raise Unusable(f"{town.code} is not the code of a town")
    leaving, staying = sorted_tables(host.modules.registry)
    (folder / TABLES).mkdir(exist_ok=True, mode=0o700)
    named, wanted, files = columns_of_contents(host), dict[str, None](), []
    async with one_moment(host.engine) as moment:
        made_at = clock.now()
        steps: dict[str, list[str]] = {}
        async for rows in moment.pages(STEPS):
            for app, name in rows:
                steps.setdefault(app, []).append(name)
        for each in leaving:
            digests = {column for table, column in named if table == each.name}
            files.append(await _write_table(moment, each, town.code, folder, digests, wanted, with_passwords))
            if files[-1].rows:
                told(f"{each.name}: {files[-1].rows} rows")
    for file in (folder / TABLES).iterdir():
        if file.stem not in {each.name for each in files}:
            file.unlink()
    missing = await asyncio.to_thread(place_contents, host, folder, wanted)
    manifest = TownManifest(
        format=FORMAT,
        parvis=__version__,
        town=town.code,
        made_at=made_at,
        secret=name_of_secret(host.secret),
        has_passwords=with_passwords,
        steps={app: tuple(names) for app, names in steps.items()},
        tables=tuple(files),
        staying={each.name: each.why for each in staying},
        missing_files=missing,
    )
    (folder / EXPLAINED).write_text(_explained(manifest), "utf-8")
    _put(folder / MANIFEST, [msgspec.json.format(msgspec.json.encode(manifest), indent=1)])
    return manifest


async def _write_table(
    moment: Moment,
    table: TownTable,
    code: str,
    folder: Path,
    digests: set[str],
    wanted: dict[str, None],
    with_passwords: bool,
) -> TableFile:
    """One file; what its columns of `digests` name is `wanted` of the store."""
    columns, emptied = table.columns, dict(NEVER.get(table.name, {}))
    if table.name == PASSWORDS[0] and not with_passwords:
        emptied |= dict.fromkeys(PASSWORDS[1], "")
    key = table.table._meta.primary_key._meta.db_column_name
    chosen = ", ".join(f'"{column}"' for column in columns)
    condition = table.condition.replace("{town}", f"'{code}'")
    sql = f'SELECT {chosen} FROM "{table.name}" WHERE {condition} ORDER BY "{key}"'  # noqa: S608 - of our own tables
    part, number = folder / TABLES / f"{table.name}.part", 0
    with part.open("wb") as file:
        async for rows in moment.pages(sql):
            for row in rows:
                values = dict(zip(columns, row, strict=True)) | emptied
                wanted.update((values[column], None) for column in digests if values[column])
                file.write(msgspec.json.encode(values, enc_hook=str) + b"\n")
                number += 1
    part.replace(part.with_suffix(".jsonl"))
    kinds = {column._meta.db_column_name: type(column).__name__ for column in table.table._meta.columns}
    about = " ".join((table.table.__doc__ or "").split())
    return TableFile(name=table.name, owner=table.owner, about=about, columns=kinds, rows=number)


def place_contents(host: Host, folder: Path, wanted: Iterable[str]) -> tuple[str, ...]:
    """Say where each wanted content lies, and bring under `files/` what no archive of a request has.

    Answers the digests of those that the store lost.
    """
    found, missing, lines = _in_archives(folder), [], []
    for digest in sorted(wanted):
        where = found.get(digest) or f"{FILES}/{digest[:2]}/{digest}"
        if digest not in found and not _brought(host, digest, folder / where):
            missing.append(digest)
        else:
            lines.append(f"{digest},{where}\r\n")
    _put(folder / CONTENTS, [b"sha256,where\r\n", *(line.encode() for line in lines)])
    kept = {line.rstrip().partition(",")[2] for line in lines}
    for file in (folder / FILES).rglob("*"):
        if file.is_file() and str(file.relative_to(folder)) not in kept:
            file.unlink()
    return tuple(missing)


def contents_there(folder: Path) -> dict[str, str]:
    """Where each content lies, by its digest."""
    found = {}
    with (folder / CONTENTS).open(encoding="utf-8", errors="replace", newline="") as file:
        for number, line in enumerate(csv.DictReader(file), 2):
            digest, where = line.get("sha256") or "", line.get("where") or ""
            if not DIGEST.fullmatch(digest) or not where:
                raise Unusable(f"line {number} of {folder / CONTENTS} names no file: bring the archive over again")
            found[digest] = where
    return found


def _in_archives(folder: Path) -> dict[str, str]:
    """What the archives of requests hold, as each says it of itself."""
    found = {}
    for file in sorted((folder / "requests").glob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            said = json.loads(archive.read("donnees.json"))
        for each in (*said.get("files", ()), *said.get("documents", ())):
            if each["in_archive"] in names:
                found[each["sha256"]] = f"requests/{file.name}{IN_ARCHIVE}{each['in_archive']}"
    return found


def _brought(host: Host, digest: str, place: Path) -> bool:
    if place.is_file():
        return True
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(host.files.open(digest)) as content:
            _put(place, iter(lambda: content.read(PIECE), b""))
    except FileNotFoundError:
        return False
    except FilesAway as error:
        raise Unusable(f"the file store is away: {error}; run the same command again") from None
    return True


def _put(place: Path, pieces: Iterable[bytes]) -> None:
    part = place.with_name(f"{place.name}.part")
    with part.open("wb") as file:
        file.writelines(pieces)
    part.replace(place)


def lines_of(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table of the archive, as its file has them."""
    place = folder / TABLES / f"{table}.jsonl"
    with place.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield msgspec.json.decode(line, type=dict[str, Any])
            except msgspec.MsgspecError:
                raise Unusable(f"line {number} of {place} is no row: bring the archive over again") from None


def _explained(manifest: TownManifest) -> str:
    return f"""\
Archive de la ville « {manifest.town} », {manifest.made_at.isoformat()}, Parvis {manifest.parvis} ({FORMAT})

SHA256SUMS       l’empreinte de chaque fichier : sha256sum --check SHA256SUMS
list.csv         chaque requête, sa version et l’empreinte de son archive, signées
settings/        les fichiers de réglages de la ville
requests/        une archive par requête : donnees.json, fichiers, documents
tables/          tout ce que la base garde de la ville : un fichier par table, une ligne JSON par rangée
contents.csv     où se trouve chaque fichier, par son empreinte (archive.zip!nom, ou files/)
town.json        ce que chaque table et chaque colonne contient, et ce qui ne part pas, avec la raison
À garder comme une copie de sauvegarde : tout y est, renseignements personnels compris.
« parvis towns read » relit cette archive dans une autre installation.

Archive of the town “{manifest.town}”

SHA256SUMS       the digest of each file: sha256sum --check SHA256SUMS
list.csv         each request, its version and the digest of its archive, signed
settings/        the settings files of the town
requests/        an archive for each request: donnees.json, files, documents
tables/          all that the database holds of the town: a file for each table, a line of JSON for each row
contents.csv     where each file lies, by its digest (archive.zip!name, or files/)
town.json        what each table and column holds, and what does not leave, with the reason
Keep it like a backup: everything is in it, personal information too.
`parvis towns read` reads it into another installation.
"""
