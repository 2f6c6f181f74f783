"""`parvis files move` and `parvis files verify`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.settings import Settings
    from parvis_file_moves.moving import Moved
    from parvis_file_moves.verifying import Verified

INCOMPLETE = 3  # exit code where a content is lost or is something else
NAMED = 20  # contents that are named on the screen


@click.group()
def files() -> None:
    """Move attachments, photos and documents to another store, or verify them."""


@files.command()
@click.option("--to", required=True, metavar="STORE", help="Store named in the settings: s3_files, or folder.")
@click.pass_obj
def move(file: Path | None, to: str) -> None:
    """Move every file from the store `files.also` to the store `files.store`, while the town is in use.

    Each file is copied, read again and compared with its digest, then deleted from the old store. If it is interrupted,
    or a store is unavailable, run it again to continue. Exits 3 if a file does not match its digest.
    """
    settings = read(file)
    _refuse_other_way(settings, to)

    async def do(deployment: "Deployment") -> "Moved":
        from parvis.db.migrating import ahead
        from parvis.plugins.file_stores import MovingFiles
        from parvis_file_moves.moving import move_all
        from parvis_file_moves.only_move import only_move

        if await ahead(deployment.host.engine, deployment.modules):
            raise Unusable("a later version has upgraded the database: run this with that version")
        stores = deployment.host.files
        if not isinstance(stores, MovingFiles):
            raise Unusable("files.also and files.store are the same place")
        async with only_move(deployment.host.engine):
            return await move_all(deployment.host, stores, click.echo)

    done = with_deployment(settings, do)
    click.echo(f"{done.moved} files moved and verified, {done.bytes / 1_000_000:.1f} MB; {done.destroyed} destroyed")
    if done.waiting:
        click.echo(f"{done.waiting} are not in the database yet: run this again in an hour")
    elif done.left > len(done.altered):
        click.echo(f"{done.left - len(done.altered)} were added to the old store in the meantime: run this again")
    elif not done.left:
        click.echo("the old store is empty: remove files.also, restart, and run `parvis files verify`")
    _name("does not match its digest in the old store, and stays there", done.altered)


@files.command()
@click.pass_obj
def verify(file: Path | None) -> None:
    """Read every file that the database names, and compare it with its digest. Exits 3 if one is missing or altered."""

    async def do(deployment: "Deployment") -> "Verified":
        from parvis_file_moves.verifying import verify_all

        return await verify_all(deployment.host, click.echo)

    found = with_deployment(read(file), do)
    click.echo(f"{found.whole} files are intact, {len(found.missing)} missing, {len(found.altered)} altered")
    _name("is missing", found.missing, leave=not found.altered)
    _name("is altered", found.altered)


def _refuse_other_way(settings: "Settings", to: str) -> None:
    """Contents move to where processes look first, from where they look too: else some would be lost meanwhile."""
    from parvis.plugins.file_stores import FOLDER

    store, also = settings.files.store or FOLDER, settings.files.also
    if not also or store != to:
        now = f"files are kept in {store} now" + (f", and looked for in {also} too" if also else "")
        raise Unusable(
            f"{now}; write `also` beside `store` in [files] as docs/production.md says, restart all processes, "
            f'then `store = "{to}"` with the old one as `also`, and restart them again'
        )


def _name(what: str, digests: tuple[str, ...], *, leave: bool = True) -> None:
    for digest in digests[:NAMED]:
        click.echo(f"parvis: {digest} {what}", err=True)
    if len(digests) > NAMED:
        click.echo(f"parvis: and {len(digests) - NAMED} more", err=True)
    if digests and leave:
        sys.exit(INCOMPLETE)
