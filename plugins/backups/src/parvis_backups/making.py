"""Making a set while the town works: the database first, then every file that it names, settings, sealed keys.

Everything is written under another name; the manifest comes last, the set is looked through, and only then has its
name. A backup that is killed at any moment leaves no set, and the next one clears away what it left.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from parvis import __version__, clock
from parvis.cli.troubles import Unusable
from parvis.composition import Deployment
from parvis.db import insert, transaction
from parvis.identifiers import new_id
from parvis.requests.erasure_rules import needed_among
from parvis_backups.contents import MARGIN, Copied, copy_contents
from parvis_backups.register import REGISTER, keep_register
from parvis_backups.sealing import Seal, sealed
from parvis_backups.sets import (
    DATABASES,
    KEYS,
    LISTING,
    MAKING,
    SETTINGS,
    Manifest,
    RegisterMark,
    drop_older,
    marked,
    name_of_secret,
    one_at_a_time,
    part_of,
    sets_in,
    write_manifest,
)
from parvis_backups.snapshots import (
    Named,
    named_in,
    refuse_full_disk,
    size_of_database,
    snapshot,
)
from parvis_backups.tables import BackupSet
from parvis_backups.town_settings import pack, settings_files
from parvis_backups.verifying import refuse_altered


class Wanted(Struct, frozen=True, kw_only=True):
    """How a set is to be made: where, for whose keys, how many stay, whether earlier sets lend their files."""

    folder: Path
    seal: Seal
    keep: int = 0
    afresh: bool = False
    tools: str = ""
    settings_file: Path | None = None
    environ: Mapping[str, str] = {}


class Made(Struct, frozen=True, kw_only=True):
    """A set that was made, how long that took, and which sets went."""

    folder: Path
    manifest: Manifest
    seconds: float
    gone: list[str]


async def make_set(deployment: Deployment, wanted: Wanted) -> Made:
    """Make, look through and name one set; then drop those that are too old."""
    began, url = time.monotonic(), deployment.settings.server_url
    with one_at_a_time(wanted.folder):
        refuse_full_disk(wanted.folder, await size_of_database(url) + MARGIN)
        making = wanted.folder / f"{MAKING}{os.getpid()}"
        making.mkdir(mode=0o700)
        try:
            manifest = await _fill(deployment, wanted, making)
            whole = wanted.folder / manifest.name
            await asyncio.to_thread(_name_when_whole, making, whole, deployment.settings.secret, wanted.tools)
        except OSError as error:
            raise Unusable(f"{wanted.folder}: {error.strerror or error}; no set was made") from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
        gone = drop_older(wanted.folder, wanted.keep)
    made = Made(folder=whole, manifest=manifest, seconds=time.monotonic() - began, gone=gone)
    await _note(deployment, made)
    return made


async def _fill(deployment: Deployment, wanted: Wanted, making: Path) -> Manifest:
    host, settings = deployment.host, deployment.settings
    register = await keep_register(wanted.folder / REGISTER, host.secret)
    async with snapshot(settings.server_url, making, wanted.tools) as shot:
        named = await named_in(shot, host)
    earlier = None if wanted.afresh else next(reversed(sets_in(wanted.folder)), None)
    copied = await asyncio.to_thread(copy_contents, host.files, named.contents, making, earlier)
    named_now = [await needed_among(host, (digest,)) for digest in copied.missing]
    missing = [digest for digest, is_named in zip(copied.missing, named_now, strict=True) if is_named]
    files = settings_files(settings, wanted.settings_file, wanted.environ)
    (making / SETTINGS).write_bytes(await asyncio.to_thread(pack, files.open))
    if wanted.seal.title:
        keys = pack(files.secret, files.environment)
        (making / KEYS).write_bytes(await asyncio.to_thread(sealed, keys, wanted.seal))
    manifest = _manifest(deployment, wanted, shot.made_at, named, copied, making, register, tuple(missing))
    await asyncio.to_thread(write_manifest, making, manifest)
    return manifest


def _manifest(
    deployment: Deployment,
    wanted: Wanted,
    made_at: datetime,
    named: Named,
    copied: Copied,
    making: Path,
    register: RegisterMark,
    missing: tuple[str, ...],
) -> Manifest:
    host, engine = deployment.host, deployment.host.engine.engine_type
    parts = (DATABASES[engine], LISTING, SETTINGS, *([KEYS] if wanted.seal.title else []))
    told = Manifest(
        name=made_at.strftime("%Y-%m-%dT%H%M%SZ"),
        made_at=made_at,
        done_at=clock.now(),
        version=__version__,
        engine=engine,
        steps=named.steps,
        towns=tuple(sorted(host.jurisdictions.by_code)),
        counts=named.counts,
        parts=tuple(part_of(making, file) for file in parts),
        files=len(copied.sizes),
        file_bytes=sum(copied.sizes.values()),
        linked=copied.linked,
        keys=wanted.seal.title,
        destroyed=tuple(digest for digest in copied.missing if digest not in missing),
        missing=missing,
        register=register,
        secret=name_of_secret(host.secret),
    )
    return marked(told, host.secret)


def _name_when_whole(making: Path, whole: Path, secret: bytes, tools: str) -> None:
    os.sync()
    refuse_altered(making, secret=secret, every_byte=False, tools=tools)
    if whole.exists():
        raise Unusable(f"{whole} is there already: a set was made within the same second")
    making.rename(whole)
    handle = os.open(whole.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def _note(deployment: Deployment, made: Made) -> None:
    told = made.manifest
    async with transaction(deployment.host.engine):
        await insert(
            BackupSet(
                id=new_id(),
                name=told.name,
                made_at=told.made_at,
                milliseconds=round(made.seconds * 1000),
                size=told.size,
                requests=told.counts["service_request"],
                files=told.files,
                missing=len(told.missing),
            )
        )
