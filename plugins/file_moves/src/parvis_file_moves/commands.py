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
    """Move the contents of attachments, photos and documents to another store, or verify them."""


@files.command()
@click.option("--to", required=True, metavar="STORE", help="The store that settings name: s3_files, or folder.")
@click.pass_obj
def move(file: Path | None, to: str) -> None:
    """Move every content from the store `files.also` to the store `files.store`, while the town works.

    Each is copied, read again and compared with its digest, and only then taken from the old store. Killed, or with a
    store away, it goes on where it was when it is run again. Exits 3 where what is under a digest is something else.
    """
    settings = read(file)
    _refuse_other_way(settings, to)

    async def do(deployment: "Deployment") -> "Moved":
        from parvis.db.migrating import ahead
        from parvis.plugins.file_stores import MovingFiles
        from parvis_file_moves.moving import move_all
        from parvis_file_moves.only_move import only_move

        if await ahead(deployment.host.engine, deployment.modules):
            raise Unusable("a later version has been at the database: run this by that version")
        stores = deployment.host.files
        if not isinstance(stores, MovingFiles):
            raise Unusable("files.also and files.store are the same place")
        async with only_move(deployment.host.engine):
            return await move_all(deployment.host, stores, click.echo)

    done = with_deployment(settings, do)
    click.echo(f"{done.moved} files moved and verified, {done.bytes / 1_000_000:.1f} MB; {done.destroyed} destroyed")
    if done.waiting:
        click.echo(f"{done.waiting} were not named by the database yet: run this again in an hour")
    elif done.left > len(done.altered):
        click.echo(f"{done.left - len(done.altered)} came into the old store meanwhile: run this again")
    elif not done.left:
        click.echo("the old store is empty: take files.also away, restart, and run `parvis files verify`")
    _name("is something else in the old store, and stays there", done.altered)


@files.command()
@click.pass_obj
def verify(file: Path | None) -> None:
    """Read every content that the database names, and compare it with its digest. Exits 3 where one is not whole."""

    async def do(deployment: "Deployment") -> "Verified":
        from parvis_file_moves.verifying import verify_all

        return await verify_all(deployment.host, click.echo)

    found = with_deployment(read(file), do)
    click.echo(f"{found.whole} files are whole, {len(found.missing)} missing, {len(found.altered)} altered")
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
