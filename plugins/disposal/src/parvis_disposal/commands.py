"""Commands that destroy what is due, and those by which a town leaves and comes in."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.jurisdictions import Jurisdiction
    from parvis_disposal.leaving import TownArchive, TownEnd

SHORTEST_NAME = 3
INCOMPLETE = 3  # exit code where files are missing, or something changed meanwhile
BROKEN = "histories are not whole, as they were not in the archive"
STRANGE = "requests are in a state that their type does not have"
A_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--do", "really", is_flag=True, help="Destroy what is approved. Otherwise, only list what is due.")
@click.option("--approve", "marks", multiple=True, metavar="SIGNATURE", help="Approve the list with this signature.")
@click.option("--by", "name", default="", metavar="NAME", help="With --approve: who approves the list.")
@click.pass_obj
def forget(file: Path | None, really: bool, marks: tuple[str, ...], name: str) -> None:
    """List what is due for destruction by rule, approve a list, or destroy what is approved."""
    if marks and len(name.strip()) < SHORTEST_NAME:
        raise click.UsageError("--approve needs --by NAME: the name is kept with the approval")

    async def do(deployment: "Deployment") -> int:
        from parvis.jurisdictions.calendars import local_day
        from parvis.outbox.clock_watch import ClockWatch
        from parvis.requests.actors import Actor
        from parvis.requests.keeping.retention import count_overdue, due_for_destruction
        from parvis_disposal import destruction

        if really and (doubt := await ClockWatch(deployment.host.engine, "command").look()):
            raise Unusable(str(doubt))
        gone = 0
        for mark in marks:
            actor = Actor(kind="agent", id="command", name=name.strip())
            approved = await destruction.approve(deployment.host, mark, actor=actor)
            gone += approved is None
            click.echo(f"{mark}: {f'approved, {len(approved.lines)} requests' if approved else 'no such list now'}")

        def day(moment: datetime, code: str) -> str:
            return local_day(deployment.host.jurisdictions.jurisdiction(code).calendar, moment).isoformat()

        host = deployment.host
        here = destruction.served(host)
        lines = await (destruction.forget_due(host) if really else due_for_destruction(host, towns=here))
        for line in lines:
            click.echo(f"{line.reference}  {line.type}  {line.then}  due {day(line.due_at, line.jurisdiction)}")
        click.echo(f"{len(lines)} {'forgotten' if really else 'to forget'}")
        for town in host.jurisdictions.by_code.values():
            if town.code not in here and (number := await count_overdue(host, [town])):
                click.echo(
                    f"{town.code}: disposal is off here, {number} requests are kept longer than their rule allows"
                )
        for each in await destruction.lists_to_approve(deployment.host):
            period = f"{day(each.since, each.jurisdiction)} to {day(each.until, each.jurisdiction)}"
            rule = f"{each.rule.days} days, {each.rule.then}"
            click.echo(
                f"to approve: {each.jurisdiction} {each.type} ({rule}), {period}, {len(each.lines)}: {each.mark}"
            )
        return gone

    if with_deployment(read(file), do):
        sys.exit(1)


@click.command()
@click.argument("code")
@click.argument("folder", type=A_FOLDER)
@click.option("--with-passwords", is_flag=True, help="Include the password hashes of accounts.")
@click.pass_obj
def archive(file: Path | None, code: str, folder: Path, with_passwords: bool) -> None:
    """Archive all data of the town CODE to FOLDER, while it is in use. Run it again to add what changed since.

    The recipient verifies it with `sha256sum --check SHA256SUMS` and imports it with `parvis towns read`. Exits 3 if
    files are missing.
    """

    async def do(deployment: "Deployment") -> "TownArchive":
        from parvis_disposal.leaving import archive_town

        town = _town(deployment, code)
        return await archive_town(deployment.host, town, folder, click.echo, with_passwords=with_passwords)

    made = with_deployment(read(file), do)
    click.echo(f"{folder}: {made.requests} requests, {made.written} of them written now, {made.rows} rows")
    for table in made.unsorted:
        click.echo(
            f"parvis: the module of the table {table} does not say which rows belong to a town: none is included",
            err=True,
        )
    click.echo(f"send the recipient, through another channel, the sha256 of its SHA256SUMS: {made.digest}")
    if made.without_files:
        click.echo(f"parvis: {len(made.without_files)} requests lack files, such as {made.without_files[0]}", err=True)
        sys.exit(INCOMPLETE)


@click.command()
@click.argument("code")
@click.argument("folder", type=A_FOLDER)
@click.option("--by", "name", required=True, metavar="NAME", help="Who decides it. Recorded in each history.")
@click.option("--reason", required=True, help="Reason, recorded in the register of destruction.")
@click.option("--with-open", is_flag=True, help="Include open requests, which continue where the archive was imported.")
@click.option(
    "--without-files", is_flag=True, help="Include requests whose files are not in FOLDER: those files are lost."
)
@click.pass_obj
def end(
    file: Path | None, code: str, folder: Path, name: str, reason: str, with_open: bool, without_files: bool
) -> None:
    """Destroy every request of the town CODE that is in its verified archive FOLDER, and nothing of other towns.

    If it is interrupted, run it again to continue. Exits 3 if requests changed in the meantime and were kept.
    """
    if len(name.strip()) < SHORTEST_NAME or not reason.strip():
        raise click.UsageError("--by needs a name and --reason a text: both are kept")

    async def do(deployment: "Deployment") -> "TownEnd":
        from parvis.requests.actors import Actor
        from parvis_disposal.leaving import end_town

        actor = Actor(kind="agent", id="command", name=name.strip())
        town = _town(deployment, code)
        why = reason.strip()[:500]
        return await end_town(
            deployment.host,
            town,
            folder,
            actor=actor,
            reason=why,
            with_open=with_open,
            without_files=without_files,
            told=click.echo,
        )

    done = with_deployment(read(file), do)
    click.echo(f"{done.destroyed} requests destroyed now, {done.before} earlier")
    if done.changed:
        click.echo(
            f"parvis: {len(done.changed)} changed in the meantime, such as {done.changed[0]}: archive again", err=True
        )
        sys.exit(INCOMPLETE)
    click.echo(f"remove the folder of {code}, restart, and run `parvis towns forget {code} --reason ...`")


@click.command("read")
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option(
    "--sums", default="", metavar="SHA256", help="The sha256 of its SHA256SUMS, as the sender gave it to you."
)
@click.option("--other-secret", is_flag=True, help="Allow a different secret_key: links of residents no longer open.")
@click.pass_obj
def read_in(file: Path | None, folder: Path, sums: str, other_secret: bool) -> None:
    """Import a town from its archive FOLDER into an installation that does not have it yet.

    Creates the database if there is none. If it is interrupted, nothing is kept: run the same command again. Exits 3
    if files are missing in the archive, or a history is not intact.
    """
    import asyncio

    from parvis_disposal.arriving import read_town

    done = asyncio.run(read_town(read(file), folder, click.echo, digest=sums, other_secret=other_secret))
    click.echo(f"{done.code} is imported: {done.requests} requests, {done.rows} rows, {done.files} files")
    if done.deliveries:
        click.echo(f"{done.deliveries} deliveries leave once `parvis work` runs: stop the old installation first")
    if done.shut:
        click.echo(
            f"no sha256 of its SHA256SUMS was given: {done.shut} accounts and keys are disabled: check "
            "`parvis people list`, then run `parvis people set EMAIL --active`; create new keys"
        )
    if not done.has_passwords:
        click.echo(
            "no account has a password: sign in with an identity provider, or set one with `parvis people password`"
        )
    click.echo("restart every `parvis serve` and `parvis work`")
    if done.missing_files:
        click.echo(f"parvis: {done.missing_files} files are missing in the archive", err=True)
    for those, what in ((done.broken, BROKEN), (done.strange, STRANGE)):
        if those:
            click.echo(f"parvis: {len(those)} {what}, such as {those[0]}", err=True)
    if done.missing_files or done.broken or done.strange:
        sys.exit(INCOMPLETE)


@click.command()
@click.argument("email")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.pass_obj
def password(file: Path | None, email: str, password: str) -> None:
    """Set a new password for an account, and sign it out everywhere. Asks for the password.

    For accounts of a town that was archived without passwords, and for people who lost theirs.
    """

    async def do(deployment: "Deployment") -> None:
        from parvis_disposal.new_passwords import give_password

        await give_password(deployment.host.engine, email, password)

    with_deployment(read(file), do)
    click.echo(f"{email} now signs in with the new password; do not send it by email")


def _town(deployment: "Deployment", code: str) -> "Jurisdiction":
    town = deployment.jurisdictions.get(code)
    if town is None:
        raise Unusable(f"{code} is not served here; choose one of {', '.join(deployment.jurisdictions.by_code)}")
    return town
