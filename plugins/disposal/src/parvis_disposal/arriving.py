"""A town that comes in: its archive read into an installation where it is not yet, and where it is then the same town.

All of the archive is verified before anything is touched. The rows come in by one transaction: killed before its end,
nothing of them is there, and the same command begins again. Settings and files, which come first, harm nobody then.
"""

import asyncio
import filecmp
import hashlib
import os
import re
import shutil
import zipfile
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from piccolo.columns import Column
from piccolo.columns.combination import WhereRaw

from parvis import __version__
from parvis.cli.troubles import Unusable
from parvis.composition import Deployment
from parvis.db import NotUnique, insert_values, transaction
from parvis.db.migrating import Version, chains_of, version
from parvis.db.people_tables import Agent
from parvis.db.tables import Attachment, Declaration, Delivery, ModuleSwitch, ServiceRequest
from parvis.deployment import modules_of, open_deployment
from parvis.example_towns import town_folder
from parvis.identifiers import new_id
from parvis.modules import CHAIN, ModuleRegistry
from parvis.plugins import DiscoveredPlugin
from parvis.requests.history import broken_at
from parvis.requests.host import Host
from parvis.requests.records import record_of
from parvis.settings import Settings
from parvis.signing import every_key
from parvis_disposal.leaving import DAMAGED, ENDING, SETTINGS, SUMS, requests_of, sums_of
from parvis_disposal.town_rows import TownTable, sorted_tables
from parvis_disposal.town_tables import (
    CODE,
    CONTENTS,
    FORMAT,
    IN_ARCHIVE,
    MANIFEST,
    TownManifest,
    contents_there,
    lines_of,
    name_of_secret,
)
from parvis_disposal.unvouched import SHUT, put_aside, refuse_roles_for_others
from parvis_sdk.file_stores import FilesAway

TOGETHER = 500  # rows that are sent together
COMING = ".coming-"  # before the name of a folder of settings that is being copied: no town
LOOKED_AT_TOGETHER = 5000  # rows; less than a statement takes of values
EVERYWHERE = "*"
OF_ANOTHER = "{table} of the archive has rows that are not of {code}, and nothing came in: bring the archive over again"
UNSENT = ("waiting", "claimed", "postponed")
PEOPLE = ("grant", "grant_change")  # of a town may be there before it: the people who will run it here
Told = Callable[[str], None]


class TownReading(Struct, frozen=True, kw_only=True):
    """What came in: rows, requests, files; which files the archive lacks, whose histories are not whole or whose state
    their type does not know, how many deliveries wait to leave from here; how many accounts and keys are shut."""

    code: str
    requests: int
    rows: int
    files: int
    missing_files: int
    broken: tuple[str, ...]
    strange: tuple[str, ...] = ()
    deliveries: int
    has_passwords: bool
    shut: int = 0


async def read_town(
    settings: Settings,
    folder: Path,
    told: Told,
    *,
    digest: str = "",
    other_secret: bool = False,
    plugins: Collection[DiscoveredPlugin] | None = None,
    modules: ModuleRegistry | None = None,
) -> TownReading:
    """Bring a town in; `Unusable` says why not, and then nothing of it is there.

    `digest` is the one of SHA256SUMS as it was told by another way. Plugins and modules stand in for those installed.
    """
    manifest = await asyncio.to_thread(verified, folder, digest)
    told(f"{folder} is whole: {manifest.town}, {manifest.made_at.isoformat()}, Parvis {manifest.parvis}")
    if not other_secret and manifest.secret not in {name_of_secret(key) for key in every_key(settings.secret)}:
        raise Unusable(
            "secret_key is not that of the archive: links that residents hold would open no more; take the key over, "
            "or say --other-secret, and residents ask for new links by their reference or their e-mail address"
        )
    judged = _as_it_is if digest else partial(put_aside, told=told)
    is_new = await asyncio.to_thread(_put_settings, settings, folder, manifest.town, judged)
    known, done = modules_of(plugins, modules), None
    try:
        async with open_deployment(settings, plugins, migrating=True, environ=os.environ, modules=known) as deployment:
            done = await _bring_in(deployment, folder, manifest, told, is_vouched=bool(digest))
    finally:
        if done is None and is_new:  # it was no town of this installation before
            shutil.rmtree(settings.territory / manifest.town)
    return done


def verified(folder: Path, digest: str = "") -> TownManifest:
    """What an archive says of itself, once every byte of it is as it was written."""
    if not (folder / SUMS).is_file() or not (folder / MANIFEST).is_file():
        raise Unusable(f"{folder} is no archive of a town, or one that was not written to its end")
    if digest and _digest(folder / SUMS) != digest.strip().lower():
        raise Unusable(f"{folder / SUMS} is not the one whose sha256 you were told")
    listed, there = dict(sums_of(folder)), _files_of(folder)
    for name, expected in listed.items():
        if name not in there or _digest(folder / name) != expected:
            raise Unusable(f"{folder / name} is not whole: bring the archive over again")
    if unlisted := sorted(there - {*listed, SUMS, ENDING}):
        raise Unusable(f"{folder / unlisted[0]} is not listed in {SUMS}: it is not of the archive, so take it away")
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=TownManifest)
    except msgspec.MsgspecError as error:
        raise Unusable(f"{folder / MANIFEST} is not one of {FORMAT}: {error}") from None
    if manifest.format != FORMAT:
        raise Unusable(f"{folder} is written as {manifest.format}, and this Parvis reads {FORMAT}")
    if not CODE.fullmatch(manifest.town):
        raise Unusable(f"{folder / MANIFEST} names no town: {manifest.town}")
    needed = [CONTENTS, *(f"tables/{each.name}.jsonl" for each in manifest.tables)]
    if lacking := [name for name in needed if name not in listed]:
        raise Unusable(f"{folder / SUMS} does not list {lacking[0]}: archive the town again")
    return manifest


def _files_of(folder: Path) -> set[str]:
    """The names of all files of an archive, none of which leads elsewhere."""
    there = list(folder.rglob("*"))
    if links := [each for each in there if each.is_symlink()]:
        raise Unusable(f"{links[0]} is a link, and no archive of a town has any: take it away")
    return {str(each.relative_to(folder)) for each in there if not each.is_dir()}


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _as_it_is(town_folder: Path) -> None:
    """The settings as archived: the operator who gave the checksum vouches for them."""


def _put_settings(settings: Settings, folder: Path, code: str, judged: Callable[[Path], None]) -> bool:
    """Its settings among those of the towns here; False where the very same lie there already."""
    given, territory = folder / SETTINGS / code, settings.territory
    if territory.resolve() == town_folder().resolve():
        raise Unusable("`territory` names the example towns: name a folder of your own, where that of the town comes")
    territory.mkdir(parents=True, exist_ok=True)
    coming = territory / f"{COMING}{code}"
    shutil.rmtree(coming, ignore_errors=True)
    coming.mkdir()
    for name, _ in sums_of(folder):  # those alone: what lies beside them was verified by nobody
        if (folder / name).is_relative_to(given):
            place = coming / (folder / name).relative_to(given)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, place, follow_symlinks=False)
    judged(coming)
    if not (territory / code).is_dir():
        coming.rename(territory / code)
        return True
    is_same = _are_same(coming, territory / code)
    shutil.rmtree(coming)
    if not is_same:
        raise Unusable(f"{territory / code} is there already and says otherwise than the archive: take it away")
    return False


def _are_same(one: Path, other: Path) -> bool:
    here, there = ({str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()} for root in (one, other))
    return here == there and not filecmp.cmpfiles(one, other, here, shallow=False)[1]


async def _bring_in(
    deployment: Deployment, folder: Path, manifest: TownManifest, told: Told, *, is_vouched: bool
) -> TownReading:
    host = deployment.host
    leaving, _ = sorted_tables(host.modules.registry)
    await _refuse_later_version(deployment, manifest)
    tables = _known_here(leaving, manifest)
    await _refuse_town_there(tables, manifest.town)
    await _refuse_accounts_there(folder)
    if not is_vouched:
        await refuse_roles_for_others(folder, [each.name for each in tables])
    files = await asyncio.to_thread(_keep_files, host, folder)
    told(f"{files} files")
    rows = shut = 0
    try:
        async with transaction(host.engine):
            for table in tables:
                changed = {} if is_vouched else SHUT.get(table.table, {})
                number = await _fill(table, folder, manifest.town, changed)
                rows += number
                shut += number if changed else 0
                if number:
                    told(f"{table.name}: {number} rows")
            for table in tables:
                await _refuse_rows_of_another(table, folder, manifest.town)
    except NotUnique as error:
        raise Unusable(f"what is here already has a key of the archive, and nothing came in: {error}") from None
    broken, requests = [], 0
    async for row in requests_of(manifest.town):
        record = record_of(row)
        requests += 1
        if await broken_at(record) is not None:
            broken.append(record.reference)
    theirs = ServiceRequest.select(ServiceRequest.id).where(ServiceRequest.jurisdiction == manifest.town)
    unsent = Delivery.state.is_in(list(UNSENT)) & Delivery.request.is_in(theirs)
    return TownReading(
        code=manifest.town,
        requests=requests,
        rows=rows,
        files=files,
        missing_files=len(manifest.missing_files),
        broken=tuple(broken),
        strange=await _in_strange_states(manifest.town),
        shut=shut,
        deliveries=int(await Delivery.count().where(unsent)),
        has_passwords=manifest.has_passwords,
    )


async def _refuse_later_version(deployment: Deployment, manifest: TownManifest) -> None:
    """Raise where the archive was written by steps that are unknown here, or holds rows of a module that is not."""
    if _release(manifest.parvis) > _release(__version__):
        raise Unusable(f"the archive was written by a later Parvis ({manifest.parvis}): install that one here first")
    chains = {chain.app: chain for chain in chains_of(deployment.modules)}
    filled = {each.owner for each in manifest.tables if each.rows}
    for app, taken in manifest.steps.items():
        owner = app.removeprefix(CHAIN)
        if app not in chains:
            if owner in filled:
                raise Unusable(f"the archive has rows of the module {owner}, which is not installed here: install it")
            continue
        known = await version(deployment.host.engine, chains[app])
        if Version(known=known.known, taken=taken, replaces=known.replaces).foreign:
            raise Unusable(
                f"the archive was written by a later Parvis ({manifest.parvis}): install that one here first"
            )


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _known_here(leaving: Collection[TownTable], manifest: TownManifest) -> list[TownTable]:
    """The tables to be filled, in the order of this installation."""
    here, given = {each.name: each for each in leaving}, {each.name: each for each in manifest.tables}
    for name, each in given.items():
        if each.rows and name not in here:
            raise Unusable(f"the archive has rows of the table {name} of {each.owner}, which is not known here")
        if each.rows and (strange := set(each.columns) - set(here[name].columns)):
            raise Unusable(f"the archive has columns of {name} that are not known here: {', '.join(sorted(strange))}")
    return [here[name] for name in here if name in given and given[name].rows]


async def _refuse_town_there(tables: Collection[TownTable], code: str) -> None:
    for each in tables:
        if each.name not in PEOPLE and "jurisdiction" in each.columns:
            sql = f'SELECT COUNT(*) AS number FROM "{each.name}" WHERE jurisdiction = {{}}'  # noqa: S608
            if number := (await each.table.raw(sql, code))[0]["number"]:
                raise Unusable(f"the town {code} is here already, with {number} rows in {each.name}: nothing came in")


async def _refuse_accounts_there(folder: Path) -> None:
    """An e-mail address has one account here."""
    for line in lines_of(folder, "agent"):
        email = str(line.get("email"))
        found = await Agent.select(Agent.id).where(Agent.email == email).first()
        if found and str(found["id"]) != line.get("id"):
            raise Unusable(f"{email} has another account here already: give that one another address, then read again")


def _keep_files(host: Host, folder: Path) -> int:
    """Every file of the archive in the store; each is what its digest says."""
    number = 0
    try:
        for digest, content in _contents(folder):
            if host.files.keep(content) != digest:
                raise Unusable(f"the file {digest} of {folder} is not what its digest says: bring the archive again")
            number += 1
    except FilesAway as error:
        raise Unusable(f"the file store is away: {error}; run the same command again") from None
    return number


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    listed, opened = {name for name, _ in sums_of(folder)}, None
    for digest, where in sorted(contents_there(folder).items(), key=lambda each: each[1]):
        archive, inside, name = where.partition(IN_ARCHIVE)
        if archive not in listed:
            raise Unusable(f"{folder / CONTENTS} names a file that {SUMS} does not list: bring the archive over again")
        if not inside:
            yield digest, (folder / where).read_bytes()
            continue
        if opened is None or opened[0] != archive:
            if opened:
                opened[1].close()
            opened = archive, _opened(folder / archive)
        try:
            content = opened[1].read(name)
        except (KeyError, *DAMAGED):
            raise Unusable(f"{folder / archive} lacks a file, or it is damaged: bring the archive over again") from None
        yield digest, content
    if opened:
        opened[1].close()


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except DAMAGED:
        raise Unusable(f"{file} is no archive that can be opened: bring the archive over again") from None


async def _fill(table: TownTable, folder: Path, code: str, changed: dict[str, Any]) -> int:
    """Inside a transaction: the rows of one table, with what is changed in each; those left out that are shared and
    here already."""
    columns = {column._meta.db_column_name: column for column in table.table._meta.columns}
    key = table.table._meta.primary_key
    number, values = 0, list[dict[str, Any]]()
    last = await _last_switch() if table.table is ModuleSwitch else 0
    for line in lines_of(folder, table.name):
        if not columns.keys() >= line.keys():
            raise Unusable(f"a row of {table.name} has a column that is not known here: bring the archive over again")
        if table.table is Attachment and not _is_name(line.get("name")):
            raise Unusable(f"a row of {table.name} names a file as no town does: bring the archive over again")
        row = {column._meta.name: _value(column, line, name) for name, column in columns.items()} | changed
        if table.table is ModuleSwitch:  # what held for every town holds for this one, as a decision made here
            if row["jurisdiction"] not in (code, EVERYWHERE):
                raise Unusable(OF_ANOTHER.format(table=table.name, code=code))
            last += 1
            row |= {"id": new_id(), "number": last, "jurisdiction": code}
        values.append(row)
        if len(values) == TOGETHER:
            number += await _send(table, key, values)
            values.clear()
    return number + await _send(table, key, values)


async def _in_strange_states(code: str) -> tuple[str, ...]:
    """The references of requests in a state that their declared type does not have."""
    table, strange, known = ServiceRequest, list[str](), dict[str, set[str]]()
    of_town = table.jurisdiction == code
    for row in await table.select(table.declaration, table.state).where(of_town).distinct():
        digest, state = row["declaration"], row["state"]
        if digest not in known:
            known[digest] = await _states_in(digest)
        if state not in known[digest]:
            of_state = of_town & (table.declaration == digest) & (table.state == state)
            strange += [each["reference"] for each in await table.select(table.reference).where(of_state)]
    return tuple(sorted(strange))


async def _states_in(digest: str) -> set[str]:
    row = await Declaration.select(Declaration.body).where(Declaration.digest == digest).first()
    try:
        declared = msgspec.json.decode(row["body"], type=_Declared) if row else None
    except msgspec.MsgspecError:
        return set()
    return {each.code for each in declared.workflow.states} if declared else set()


class _Declared(Struct):
    """As much of a declaration as says its states."""

    workflow: "_Workflow"


class _Workflow(Struct):
    states: list["_State"]


class _State(Struct):
    code: str


def _is_name(name: Any) -> bool:
    """Whether a file is called so by a town: never by a way to a folder. Of an erased one nothing is left."""
    return isinstance(name, str) and name not in (".", "..") and not {"/", "\\", "\0"} & {*name}


async def _refuse_rows_of_another(table: TownTable, folder: Path, code: str) -> None:
    """Inside the transaction, once all of it came in: what came is what would leave with this town."""
    if table.table is ModuleSwitch:
        return
    key = table.table._meta.primary_key
    theirs = WhereRaw(table.condition.replace("{town}", f"'{code}'"))
    lines = lines_of(folder, table.name)
    while given := [_value(key, line, key._meta.db_column_name) for line in islice(lines, LOOKED_AT_TOGETHER)]:
        if int(await table.table.count().where(key.is_in(given) & theirs)) != len(given):
            raise Unusable(OF_ANOTHER.format(table=table.name, code=code))


async def _send(table: TownTable, key: Column, values: list[dict[str, Any]]) -> int:
    new = values
    if table.is_shared and values:
        given = [each[key._meta.name] for each in values]
        found = set(await table.table.select(key).where(key.is_in(given)).output(as_list=True))
        new = [each for each in values if each[key._meta.name] not in found]
    await insert_values(table.table, *new)
    await table.table.raw("SELECT 1")  # so that rows are sent, and not kept until the end
    return len(new)


async def _last_switch() -> int:
    return int((await ModuleSwitch.raw("SELECT COALESCE(MAX(number), 0) AS last FROM module_switch"))[0]["last"])


def _value(column: Column, line: dict[str, Any], name: str) -> Any:
    """As the database takes it; what a later version asks for, by its default."""
    if name not in line:
        return None if column._meta.null else column.get_default_value()
    given, kind = line[name], column.value_type
    if given is None:
        return None
    try:
        if kind is UUID:
            return UUID(given)
        if kind is datetime:
            return datetime.fromisoformat(given)
        return b64decode(given) if kind is bytes else given
    except (ValueError, TypeError, AttributeError):
        raise Unusable(
            f"a row of {column._meta.table._meta.tablename} has no {kind.__name__} in {name}: bring the archive again"
        ) from None
