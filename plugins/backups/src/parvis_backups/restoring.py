"""Restoring a set: database and files, then what was destroyed since is destroyed again; only then is it served.

Each step may be killed and begun again by the same command. What marks the database as one that must not be served goes
with the last step.
"""

import asyncio
import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.composition import Deployment
from parvis.db import insert, transaction
from parvis.db.statements import columns_there
from parvis.db.tables import ServiceRequest
from parvis.db.upkeep_tables import Restoration
from parvis.deployment import modules_of, open_deployment
from parvis.identifiers import new_id
from parvis.modules import ModuleRegistry
from parvis.outbox import counts
from parvis.outbox.clock_watch import standing
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.changing import AlreadyErased
from parvis.requests.host import Host
from parvis.requests.keeping.histories import broken_histories
from parvis.requests.keeping.retention import erase
from parvis.settings import Settings
from parvis.signing import every_key
from parvis_backups.contents import AT_ONCE, contents_of
from parvis_backups.databases import FILES_BACK, fill, refuse_later_version, unfinished
from parvis_backups.register import Destroyed, read_registers, standing_again
from parvis_backups.sets import Manifest, RegisterMark, name_of_secret, place_of, read_manifest
from parvis_backups.tables import Restore
from parvis_backups.verifying import refuse_altered
from parvis_sdk.file_stores import FilesAway

OPEN_DOORS = ("session", "one_time_link", "own_key", "sign_in_begun")  # sessions ended since would reopen
Say = Callable[[str], None]


class RestoreOrder(Struct, frozen=True, kw_only=True):
    """What is restored: a set, or nothing where the database is there already; then which registers are obeyed, or who
    says that there is none, and why."""

    folder: Path | None = None
    registers: tuple[Path, ...] = ()
    by: str = ""
    reason: str = ""
    other_secret: bool = False
    tools: str = ""


class Restored(Struct, frozen=True, kw_only=True):
    """What a finished restore came to: lines of the register, requests destroyed again, deliveries that wait."""

    lines: int
    destroyed: tuple[str, ...]
    broken: tuple[str, ...]  # histories that are not whole; they were not when the set was made, whose digests fit
    deliveries: int
    clock_in_doubt: bool


async def restore(
    settings: Settings,
    order: RestoreOrder,
    say: Say,
    plugins: Collection[DiscoveredPlugin] | None = None,
    modules: ModuleRegistry | None = None,
) -> Restored | None:
    """Do all of it; None where nobody has said yet what was destroyed since, so that it stays closed.

    `plugins` and `modules` stand in for those that are installed.
    """
    known = modules_of(plugins, modules)
    manifest = await _put_back(settings, order, order.folder, known, say) if order.folder else None
    opening = open_deployment(settings, plugins, migrating=True, restoring=True, environ=os.environ, modules=known)
    async with opening as deployment:
        if order.folder and manifest:
            await _files_back(deployment.host, order.folder, manifest)
            say(f"{manifest.files} files are back")
        if not order.registers and not order.by:
            return None
        under_way = await unfinished()
        if under_way and not under_way.has_files:
            raise Unusable(f"the files of {under_way.name} are not back yet: name the set too")
        since = under_way.register if under_way else RegisterMark()
        lines = read_registers(order.registers, settings.secret, since) if order.registers else []
        again = await destroy_again(deployment.host, lines)
        say(f"{len(lines)} lines of the register, {len(again)} requests destroyed again")
        broken = [reference async for reference, _ in broken_histories(deployment.host)]
        await _close(deployment, order, under_way.name if under_way else "", len(lines), len(again))
        found = await counts()
        return Restored(
            lines=len(lines),
            destroyed=tuple(again),
            broken=tuple(broken),
            deliveries=found.waiting + found.claimed + found.postponed,
            clock_in_doubt=(await standing(deployment.host.engine)).is_doubted,
        )


async def _put_back(
    settings: Settings, order: RestoreOrder, folder: Path, modules: ModuleRegistry, say: Say
) -> Manifest:
    manifest = read_manifest(folder)
    is_ours = manifest.secret in {name_of_secret(key) for key in every_key(settings.secret)}
    if not is_ours and not order.other_secret:
        raise Unusable(
            "secret_key is not that of the set: private links would open no more, and the set cannot be proved; "
            "take the key out with `parvis backup unpack`, or say --other-secret"
        )
    await refuse_later_version(manifest, modules)
    refuse_altered(folder, secret=settings.secret if is_ours else b"", tools=order.tools)
    say(f"{folder.name} is whole: {manifest.counts['service_request']} requests, version {manifest.version}")
    is_new = await fill(settings.server_url, folder, manifest, order.tools)
    say("the database is back" if is_new else "the database was back already: going on")
    return manifest


async def _files_back(host: Host, folder: Path, manifest: Manifest) -> None:
    """Every content into the store, and no file that waited in a draft and was destroyed before it could be copied."""

    def keep(digest: str) -> None:
        host.files.keep(place_of(folder, digest).read_bytes())

    def keep_all() -> None:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            list(threads.map(keep, contents_of(folder)))

    try:
        await asyncio.to_thread(keep_all)
    except FilesAway as error:
        raise Unusable(f"the file store is away: {error}; run the same command again") from None
    async with transaction(host.engine):
        for digest in manifest.destroyed:
            await ServiceRequest.raw("DELETE FROM attachment WHERE request IS NULL AND digest = {}", digest)
        for table in OPEN_DOORS:
            if await columns_there(table):
                await ServiceRequest.raw(f'DELETE FROM "{table}"')  # noqa: S608
        await Restoration.insert(Restoration(backup=FILES_BACK)).on_conflict(action="DO NOTHING")


async def destroy_again(host: Host, lines: list[Destroyed]) -> list[str]:
    """What the register names and the database has again, one after the other, as if nothing had been restored."""
    by_reference = {each.reference: each for each in lines}
    again = await standing_again([*by_reference])
    for reference in again:
        told = by_reference[reference]
        actor = Actor(kind="system", name=f"{told.at[:10]}, {told.then}")
        try:
            erased = await erase(host, reference, actor=actor)
        except AlreadyErased:  # by this command, before it was killed
            continue
        if erased is None:
            raise Unusable(f"{reference} could not be destroyed again: run the same command once more")
    return again


async def _close(deployment: Deployment, order: RestoreOrder, name: str, lines: int, destroyed: int) -> None:
    """From here on it is served."""
    done = Restore(
        id=new_id(),
        name=name,
        done_at=clock.now(),
        lines=lines,
        destroyed=destroyed,
        by=order.by[:120],
        reason=order.reason[:400],
    )
    async with transaction(deployment.host.engine):
        await insert(done)
        await Restoration.alter().drop_table(if_exists=True)
