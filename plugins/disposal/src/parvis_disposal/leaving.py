"""A town that leaves: all its requests and settings as one set that can be verified, and then their destruction.

The set is a folder: `settings/`, one archive for each request under `requests/`, all rows of the town under `tables/`,
`list.csv`, which this installation has signed, and `SHA256SUMS`, by which anybody verifies all of it. What was written
stays, so that a killed run resumes.
"""

import asyncio
import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.changing import AlreadyErased
from parvis.requests.erasure_rules import count_unsorted, forget_address
from parvis.requests.host import Host
from parvis.requests.keeping.retention import erase
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.requests.whole_file import as_data, gather_whole, named_documents, named_files
from parvis.web.downloads import opened, packed
from parvis_disposal.register import is_whole, signed
from parvis_disposal.town_rows import NOT_SAID
from parvis_disposal.town_tables import MANIFEST, TownManifest, contents_there, place_contents, write_tables
from parvis_sdk.requests import Phase

SETTINGS, REQUESTS, LIST, SUMS = "settings", "requests", "list.csv", "SHA256SUMS"
ENDING = "ending.txt"  # there since requests are being destroyed as they stand here: their rows are written no more
COLUMNS = "reference,type,version,sha256,bytes,files"
PART, WITHOUT_FILES, ARCHIVE = ".part", ".without-files.zip", ".zip"
MISSING = "missing"  # in the column of files; of what is whole nothing stands there
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
TOGETHER = 200  # requests that are read, or told of, together
Told = Callable[[str], None]


class TownArchive(Struct, frozen=True, kw_only=True):
    """What lies in the folder: how many requests, how many of them were written now, and whose files are missing;
    how many rows, and which tables say of no row whose it is."""

    requests: int
    written: int
    without_files: tuple[str, ...]
    digest: str  # of SHA256SUMS
    rows: int
    unsorted: tuple[str, ...]


class Listed(Struct, frozen=True, kw_only=True):
    """What the signed list says of the archive of one request."""

    version: int
    digest: str
    is_bare: bool  # some of its files are not in it


class TownEnd(Struct, frozen=True, kw_only=True):
    """How many requests were destroyed now and before, and which changed while this went on and stand as they are."""

    destroyed: int
    before: int
    changed: tuple[str, ...]


async def archive_town(
    host: Host, town: Jurisdiction, folder: Path, told: Told, *, with_passwords: bool = False
) -> TownArchive:
    """Write whatever of a town is not in the folder yet, while the town works; rows, list and sums are new each time.

    What lies there is kept where it is as it was signed and a whole archive; otherwise it is written again, and
    `Unusable` where its request is destroyed and nothing can be written any more.
    """
    _refuse_another(folder, town.code)
    before = _signed_list(host.secret, town.code, folder) if (folder / LIST).is_file() else {}
    await asyncio.to_thread(_copy_settings, host, town.code, folder)  # first: by them a folder is known as ours
    (folder / REQUESTS).mkdir(exist_ok=True, mode=0o700)
    there, kept, written = _archives(folder), {}, 0
    async for row in requests_of(town.code):
        record = record_of(row)
        names = there.get(record.reference, {})
        # Once destroyed, a request has nothing left to be archived: what was written before is what there is.
        version = max(names) if names and record.erased_at else record.version
        name = names.get(version)
        if name and not await asyncio.to_thread(_holds, folder / REQUESTS / name, before.get(record.reference)):
            if record.erased_at:
                raise Unusable(f"{folder / REQUESTS / name} is damaged and its request destroyed: bring a copy back")
            name = None
        if name is None or (name.endswith(WITHOUT_FILES) and not record.erased_at):
            name, written = await _write(host, town, record, folder / REQUESTS), written + 1
            if written % TOGETHER == 0:
                told(f"{written} requests written")
        kept[record.reference] = (record.type, version, name)
    for each in (folder / REQUESTS).iterdir():
        if each.name not in {name for *_, name in kept.values()}:
            each.unlink()
    # After the requests: a row is never older than the archive beside it.
    manifest = await _write_rows(host, town, folder, told, with_passwords=with_passwords)
    digest = await asyncio.to_thread(_write_list, host.secret, town.code, folder, kept)
    bare = tuple(reference for reference, (*_, name) in kept.items() if name.endswith(WITHOUT_FILES))
    return TownArchive(
        requests=len(kept),
        written=written,
        without_files=bare,
        digest=digest,
        rows=sum(each.rows for each in manifest.tables),
        unsorted=tuple(name for name, why in manifest.staying.items() if why == NOT_SAID),
    )


async def _write_rows(
    host: Host, town: Jurisdiction, folder: Path, told: Told, *, with_passwords: bool
) -> TownManifest:
    """The rows as they are now; once requests are being destroyed, as they were when that began."""
    if (folder / ENDING).is_file() and (folder / MANIFEST).is_file():
        await asyncio.to_thread(place_contents, host, folder, contents_there(folder))
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=TownManifest)
    return await write_tables(host, town, folder, told, with_passwords=with_passwords)


async def end_town(
    host: Host,
    town: Jurisdiction,
    folder: Path,
    *,
    actor: Actor,
    reason: str,
    with_open: bool,
    without_files: bool,
    told: Told,
) -> TownEnd:
    """Destroy every request of a town as it stands in its verified archive, one per unit; the register says why.

    Then what is kept of addresses in it, such as wishes and links, wherever its owner says so for forgetting a person.

    What is not in the archive just so is not destroyed. Killed, it goes on where it was when it is run again.
    """
    listed = await asyncio.to_thread(read_list, host.secret, town.code, folder)
    for page, number in (await count_unsorted(host, town.code)).items():
        raise Unusable(f"{number} messages stand on no request: sort those of {page}, then archive again")
    left, before = await _to_destroy(town, folder, listed, with_open=with_open, without_files=without_files)
    (folder / ENDING).touch()
    changed = []
    for number, (reference, version) in enumerate(left, 1):
        try:
            if await erase(host, reference, actor=actor, reason=reason, version=version) is None:
                changed.append(reference)
        except AlreadyErased:  # by another run
            pass
        if number % TOGETHER == 0:
            told(f"{number} of {len(left)} requests destroyed")
    async with transaction(host.engine):
        await forget_address(host, town.code, None)
    return TownEnd(destroyed=len(left) - len(changed), before=before, changed=tuple(changed))


async def _to_destroy(
    town: Jurisdiction, folder: Path, listed: dict[str, Listed], *, with_open: bool, without_files: bool
) -> tuple[list[tuple[str, int]], int]:
    """What is still there, each in its version, and how many were destroyed before; `Unusable` if anything is amiss."""
    left, before, open_ones, bare = [], 0, 0, []
    async for row in requests_of(town.code):
        if row["erased_at"] is not None:
            before += 1
            continue
        reference = row["reference"]
        found = listed.get(reference)
        if found is None or found.version != row["version"]:
            raise Unusable(f"{reference} is not in {folder} as it is now: run `parvis towns archive` again")
        left.append((reference, found.version))
        bare += [reference] if found.is_bare else []
        open_ones += row["phase"] != Phase.CLOSED
    if bare and not without_files:
        raise Unusable(
            f"of {len(bare)} requests files are not in {folder}, such as {bare[0]}: bring them back and archive again, "
            "or say --without-files where they are lost"
        )
    if open_ones and not with_open:
        raise Unusable(f"{open_ones} requests are open: close them, or say --with-open where they go on elsewhere")
    return left, before


def read_list(secret: bytes, code: str, folder: Path) -> dict[str, Listed]:
    """How each request is archived; `Unusable` where a byte of the folder is not as it was written."""
    if not (folder / LIST).is_file():
        raise Unusable(f"{folder} has no {LIST}: `parvis towns archive {code} {folder}` writes it last")
    listed = _signed_list(secret, code, folder)
    for name, digest in sums_of(folder):
        there = folder / name
        if not there.is_file() or _digest(there) != digest:
            raise Unusable(f"{there} is not whole: run `parvis towns archive` again")
    digests = {digest for _, digest in sums_of(folder)}
    for reference, each in listed.items():
        if each.digest not in digests:  # what the sums say, everybody may have written; the list is signed
            raise Unusable(f"{folder / SUMS} has no archive of {reference}: run `parvis towns archive` again")
    return listed


def _signed_list(secret: bytes, code: str, folder: Path) -> dict[str, Listed]:
    """The content of the signed list; an older list without files vouches for none of them."""
    file = folder / LIST
    listing = file.read_bytes().decode("utf-8", "replace")
    if not is_whole(secret, listing):
        raise Unusable(f"{file} was not signed by this installation, or was changed since")
    town, columns, *lines = listing.splitlines()[:-1]
    if town != f"town,{code}":
        raise Unusable(f"{file} is of another town than {code}")
    listed = {}
    for line in lines:
        reference, _, version, digest, _, *files = line.split(",")
        is_bare = files == [MISSING] or columns != COLUMNS
        listed[reference] = Listed(version=int(version), digest=digest, is_bare=is_bare)
    return listed


def _holds(file: Path, listed: Listed | None) -> bool:
    """Whether an archive is as it was signed, where it was, and can be read to its end."""
    version = int(file.name.partition(".v")[2].partition(".")[0])
    if listed is not None and listed.version == version and listed.digest != _digest(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None
    except DAMAGED:
        return False


async def requests_of(code: str) -> Any:
    """Every row of a town, in the order in which they came."""
    last = UUID(int=0)
    while (
        rows := await ServiceRequest.select()
        .where((ServiceRequest.jurisdiction == code) & (ServiceRequest.id > last))
        .order_by(ServiceRequest.id)
        .limit(TOGETHER)
    ):
        for row in rows:
            yield row
        last = rows[-1]["id"]


async def _write(host: Host, town: Jurisdiction, record: Record, folder: Path) -> str:
    """The archive of one request: its data with history and hashes, files and documents."""
    language = town.languages[0]
    whole = await gather_whole(host, record, SYSTEM_VIEWER, language, with_person=True)
    found, missing = await opened(host, named_files(whole), named_documents(whole))
    name = f"{record.reference}.v{record.version}{WITHOUT_FILES if missing else ARCHIVE}"
    with await asyncio.to_thread(packed, {"donnees.json": as_data(whole, language)}, found) as content:
        await asyncio.to_thread(_keep, folder / name, content)
    return name


def _keep(file: Path, content: Any) -> None:
    part = file.with_name(f"{file.name}{PART}")
    with part.open("wb") as place:
        if isinstance(content, bytes):
            place.write(content)
        else:
            shutil.copyfileobj(content, place)
        place.flush()
        os.fsync(place.fileno())
    part.replace(file)


def _refuse_another(folder: Path, code: str) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / SETTINGS / code).is_dir():
        raise Unusable(f"{folder} holds something else than the archive of {code}: name an empty folder")


def _copy_settings(host: Host, code: str, folder: Path) -> None:
    if (home := host.jurisdictions.folder) is None:
        raise Unusable("the towns were read from no folder")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # before anything lies in it: nobody else comes to what is below
    shutil.copytree(home / code, folder / SETTINGS / code, dirs_exist_ok=True)
    for file in (folder / SETTINGS / code).rglob("*"):
        if file.is_file() and not (home / code / file.relative_to(folder / SETTINGS / code)).is_file():
            file.unlink()  # taken away since


def _archives(folder: Path) -> dict[str, dict[int, str]]:
    """What was written before, by reference and version."""
    there: dict[str, dict[int, str]] = {}
    for name in sorted(each.name for each in (folder / REQUESTS).iterdir() if not each.name.endswith(PART)):
        reference, _, rest = name.partition(".v")
        there.setdefault(reference, {})[int(rest.partition(".")[0])] = name
    return there


def _write_list(secret: bytes, code: str, folder: Path, kept: dict[str, tuple[str, int, str]]) -> str:
    sums, lines = [], [f"town,{code}", COLUMNS]
    for reference, (kind, version, name) in kept.items():
        file = folder / REQUESTS / name
        sums.append((digest := _digest(file), f"{REQUESTS}/{name}"))
        missing = MISSING if name.endswith(WITHOUT_FILES) else ""
        lines.append(f"{reference},{kind},{version},{digest},{file.stat().st_size},{missing}")
    _keep(folder / LIST, signed(secret, "".join(f"{line}\r\n" for line in lines)).encode())
    others = [each for each in folder.rglob("*") if each.is_file() and folder / REQUESTS not in each.parents]
    others = sorted({*others} - {folder / SUMS, folder / f"{SUMS}{PART}"})
    sums += [(_digest(each), str(each.relative_to(folder))) for each in others]
    _keep(folder / SUMS, "".join(f"{digest}  {name}\n" for digest, name in sums).encode())
    for each in (folder, *folder.rglob("*")):  # settings come as they are in the territory, which others may read
        each.chmod(0o700 if each.is_dir() else 0o600)
    return _digest(folder / SUMS)


def sums_of(folder: Path) -> Iterator[tuple[str, str]]:
    file = folder / SUMS
    for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
        digest, _, name = line.partition("  ")
        yield name, digest


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
