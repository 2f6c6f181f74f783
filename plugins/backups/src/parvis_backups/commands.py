"""`parvis backup` and `parvis restore`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis_backups.making import Made
    from parvis_backups.settings import Settings

SHORTEST_NAME = 3
A_FOLDER = click.Path(file_okay=False, path_type=Path)
A_SET = click.Path(file_okay=False, exists=True, path_type=Path)
A_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)
INCOMPLETE = 3  # exit code where something was lost or altered before: files of a set, histories of a restore


@click.group()
def backup() -> None:
    """Back up the database, files, settings and keys; verify a set; extract settings from one."""


@backup.command()
@click.argument("folder", type=A_FOLDER, required=False)
@click.option("--recipient", "recipients", multiple=True, metavar="KEY", help="Encrypt the keys for this public key.")
@click.option(
    "--passphrase-file", type=A_FILE, help="Encrypt the keys with the passphrase on the first line of this file."
)
@click.option("--keep", type=click.IntRange(min=0), help="Number of sets to keep. 0 or omitted: all.")
@click.option("--afresh", is_flag=True, help="Read every file from the store again, even if an earlier set has it.")
@click.pass_obj
def make(
    file: Path | None,
    folder: Path | None,
    recipients: tuple[str, ...],
    passphrase_file: Path | None,
    keep: int | None,
    afresh: bool,
) -> None:
    """Back up to a verified set in FOLDER, while the town is in use.

    Options that are omitted come from [plugins.backups]. Exits 1 if no set was made, and 3 if the database of the set
    names files that are no longer in the store.
    """
    from parvis.settings import settings_file
    from parvis_backups.sealing import seal_of
    from parvis_backups.settings import settings_of

    async def do(deployment: "Deployment") -> "Made":
        from parvis_backups.making import Wanted, make_set

        told = settings_of(deployment.plugins)
        wanted = Wanted(
            folder=(folder or _folder(told)).absolute(),
            seal=seal_of(recipients or (() if passphrase_file else told.recipients), passphrase_file),
            keep=told.keep if keep is None else keep,
            afresh=afresh,
            tools=told.tools,
            settings_file=settings_file(os.environ, file),
            environ=os.environ,
        )
        return await make_set(deployment, wanted)

    made = with_deployment(read(file), do)
    click.echo(_in_one_line(made))
    if made.manifest.missing:
        first = made.manifest.missing[0]
        click.echo(
            f"parvis: {len(made.manifest.missing)} files of the database are not in the store, such as {first}",
            err=True,
        )
        sys.exit(INCOMPLETE)


@backup.command()
@click.argument("folder", metavar="SET", type=A_SET)
@click.pass_obj
def verify(file: Path | None, folder: Path) -> None:
    """Verify that SET is complete: every digest, the database, every file. Exits 1 if it is not.

    If settings are found, also verifies that this installation made the set. Settings are not required.
    """
    from parvis.settings import SettingsError
    from parvis_backups.verifying import verified

    try:
        secret: bytes = read(file).secret
    except SettingsError:
        secret = b""
    found = verified(folder, secret=secret)
    for each in found.wrong:
        click.echo(each, err=True)
    for each in found.unseen:
        click.echo(f"not verified: {each}")
    if found.wrong:
        raise Unusable(f"{folder} is not whole")
    told = found.manifest
    click.echo(f"{folder} is whole: {told.counts['service_request']} requests, {told.files} files")


@backup.command()
@click.argument("folder", type=A_FOLDER, required=False)
@click.pass_obj
def register(file: Path | None, folder: Path | None) -> None:
    """Record in FOLDER what was destroyed since the last record, as workers do every minute."""

    async def do(deployment: "Deployment") -> str:
        from parvis_backups.register import REGISTER, keep_register
        from parvis_backups.settings import settings_of

        there = (folder or _folder(settings_of(deployment.plugins))) / REGISTER
        kept = await keep_register(there, deployment.settings.secret)
        return f"{there}: {kept.lines} lines"

    click.echo(with_deployment(read(file), do))


@backup.command()
@click.argument("folder", metavar="SET", type=A_SET)
@click.argument("into", metavar="FOLDER", type=A_FOLDER)
@click.option("--identity", "identities", multiple=True, type=A_FILE, help="Private key that decrypts the keys.")
@click.option("--passphrase-file", type=A_FILE, help="File whose first line is the passphrase of the keys.")
def unpack(folder: Path, into: Path, identities: tuple[Path, ...], passphrase_file: Path | None) -> None:
    """Extract the settings of SET to FOLDER, and the keys if they can be decrypted. Settings are not required."""
    from parvis_backups.sealing import opened
    from parvis_backups.sets import KEYS, SETTINGS, read_manifest
    from parvis_backups.town_settings import unpack as unpacked
    from parvis_backups.verifying import refuse_altered

    manifest = read_manifest(folder)
    refuse_altered(folder, secret=b"", every_byte=False)
    wants_keys = bool(identities or passphrase_file)
    if wants_keys and not manifest.keys:
        raise Unusable(f"{folder} has no keys: they were left out when the set was made")
    keys = opened((folder / KEYS).read_bytes(), identities, passphrase_file) if wants_keys else b""
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    names = unpacked((folder / SETTINGS).read_bytes(), into)
    secret = unpacked(keys, into) if keys else []
    click.echo(f"{into}: {len(names)} files of settings, {len(secret)} of keys")


@click.command()
@click.argument("folder", metavar="[SET]", type=A_SET, required=False)
@click.option("--register", "registers", multiple=True, type=A_FILE, help="Register of destruction to apply.")
@click.option("--no-register", is_flag=True, help="There is no register. Requires --by and --reason.")
@click.option("--by", default="", metavar="NAME", help="With --no-register: who confirms that there is none.")
@click.option(
    "--reason", default="", help="With --no-register: why nothing was destroyed since the backup, or why it is unknown."
)
@click.option("--other-secret", is_flag=True, help="secret_key is new: earlier private links no longer open.")
@click.pass_obj
def restore(
    file: Path | None,
    folder: Path | None,
    registers: tuple[Path, ...],
    no_register: bool,
    by: str,
    reason: str,
    other_secret: bool,
) -> None:
    """Restore SET where the settings say, then destroy again what the register lists. Only then can it be served.

    Without SET, the database must already be there, restored by PostgreSQL or by an earlier run. Without a register,
    nothing is served until this command runs again with one. If it is interrupted, run the same command again.
    """
    if bool(registers) == no_register and registers:
        raise click.UsageError("use either --register or --no-register, not both")
    if no_register and (len(by.strip()) < SHORTEST_NAME or not reason.strip()):
        raise click.UsageError("--no-register needs --by NAME and --reason TEXT: they are kept with the restore")
    if not folder and not registers and not no_register:
        raise click.UsageError("name the set to restore, or the register to apply")
    said_by, why = (by.strip(), reason.strip()) if no_register else ("", "")
    _restore(file, folder, registers, said_by, why, other_secret)


def _restore(
    file: Path | None, folder: Path | None, registers: tuple[Path, ...], by: str, reason: str, other_secret: bool
) -> None:
    import asyncio

    from parvis.plugins.plugin_settings import settings_from
    from parvis_backups.restoring import RestoreOrder, restore
    from parvis_backups.settings import Settings

    settings = read(file)
    told = settings_from(settings.plugins, os.environ)("backups", Settings)
    order = RestoreOrder(
        folder=folder.absolute() if folder else None,
        registers=registers,
        by=by,
        reason=reason,
        other_secret=other_secret,
        tools=getattr(told, "tools", ""),
    )
    done = asyncio.run(restore(settings, order, click.echo))
    if done is None:
        raise Unusable(
            "nothing is served yet: run `parvis restore --register FILE` with the register of destruction, or with "
            "--no-register, --by and --reason"
        )
    click.echo(
        "restored and ready to serve. Everyone must sign in again; API keys and closed accounts are as in the backup."
    )
    if done.deliveries:
        click.echo(
            f"{done.deliveries} deliveries are waiting as in the backup: those sent since then will be sent again."
        )
    if done.clock_in_doubt:
        click.echo("destruction, escalation and timers are on hold until `parvis clock confirm --by NAME`.")
    if done.broken:
        click.echo(
            f"parvis: {len(done.broken)} histories were broken when the set was made: {done.broken[0]}", err=True
        )
        sys.exit(INCOMPLETE)
    click.echo("every history is intact")


def _folder(told: "Settings") -> Path:
    if not told.folder:
        raise Unusable("name a folder, here or as `folder` in [plugins.backups]")
    return Path(told.folder)


def _in_one_line(made: "Made") -> str:
    told = made.manifest
    new = told.files - told.linked
    keys = f"keys sealed ({told.keys.partition(':')[0]})" if told.keys else "without the keys: nobody to seal them to"
    gone = f"; {len(made.gone)} older dropped" if made.gone else ""
    return (
        f"{made.folder}: {told.counts['service_request']} requests, {told.files} files ({new} new), "
        f"{told.size / 1_000_000:.1f} MB in {made.seconds:.1f} s, {keys}{gone}"
    )
