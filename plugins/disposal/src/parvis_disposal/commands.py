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
@click.option("--do", "really", is_flag=True, help="Destroy what is approved; otherwise only say what is due.")
@click.option("--approve", "marks", multiple=True, metavar="SIGNATURE", help="Approve the list of this signature.")
@click.option("--by", "name", default="", metavar="NAME", help="With --approve: who approves it.")
@click.pass_obj
def forget(file: Path | None, really: bool, marks: tuple[str, ...], name: str) -> None:
    """What is due for destruction, by rule; approve a list of it, or destroy what is approved."""
    if marks and len(name.strip()) < SHORTEST_NAME:
        raise click.UsageError("--approve needs --by NAME: whoever approves a destruction is written beside it")

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
            click.echo(f"{mark}: {f'approved, {len(approved.lines)} requests' if approved else 'no list reads so now'}")

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
                click.echo(f"{town.code}: disposal is off here, {number} kept longer than their rule says")
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
@click.option("--with-passwords", is_flag=True, help="Also what tells the passwords of accounts from others.")
@click.pass_obj
def archive(file: Path | None, code: str, folder: Path, with_passwords: bool) -> None:
    """Write everything of the town CODE into FOLDER, while it works; run again, what changed since.

    The recipient verifies it by `sha256sum --check SHA256SUMS`, and reads it in by `parvis towns read`. Exits 3 where
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
            f"parvis: the module of the table {table} does not say which rows are a town’s: none is in", err=True
        )
    click.echo(f"tell whoever takes it over, by another way, the sha256 of its SHA256SUMS: {made.digest}")
    if made.without_files:
        click.echo(f"parvis: of {len(made.without_files)} files are missing, such as {made.without_files[0]}", err=True)
        sys.exit(INCOMPLETE)


@click.command()
@click.argument("code")
@click.argument("folder", type=A_FOLDER)
@click.option("--by", "name", required=True, metavar="NAME", help="Who says so; stands in each history.")
@click.option("--reason", required=True, help="Why; stands in the register of destruction.")
@click.option("--with-open", is_flag=True, help="Also requests that are open: they go on where they were handed to.")
@click.option("--without-files", is_flag=True, help="Also requests of which files are not in FOLDER: they are lost.")
@click.pass_obj
def end(
    file: Path | None, code: str, folder: Path, name: str, reason: str, with_open: bool, without_files: bool
) -> None:
    """Destroy every request of the town CODE as it stands in its verified archive FOLDER, and nothing of other towns.

    Killed, it goes on where it was when it is run again. Exits 3 where something changed meanwhile and is still there.
    """
    if len(name.strip()) < SHORTEST_NAME or not reason.strip():
        raise click.UsageError("--by needs a name and --reason words: they are kept")

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
    click.echo(f"{done.destroyed} requests destroyed, {done.before} were before")
    if done.changed:
        click.echo(f"parvis: {len(done.changed)} changed meanwhile, such as {done.changed[0]}: archive again", err=True)
        sys.exit(INCOMPLETE)
    click.echo(f"take the folder of {code} away, restart, and run `parvis towns forget {code} --reason ...`")


@click.command("read")
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.option("--sums", default="", metavar="SHA256", help="The sha256 of its SHA256SUMS, as you were told it.")
@click.option("--other-secret", is_flag=True, help="Also where secret_key is another: links of residents open no more.")
@click.pass_obj
def read_in(file: Path | None, folder: Path, sums: str, other_secret: bool) -> None:
    """Bring in a town from its archive FOLDER, where it is not yet; it is the same town then.

    The database is made where there is none. Killed, nothing of it is there, and the same command begins again. Exits 3
    where files were missing in the archive, or a history is not whole.
    """
    import asyncio

    from parvis_disposal.arriving import read_town

    done = asyncio.run(read_town(read(file), folder, click.echo, digest=sums, other_secret=other_secret))
    click.echo(f"{done.code} is here: {done.requests} requests, {done.rows} rows, {done.files} files")
    if done.deliveries:
        click.echo(
            f"{done.deliveries} deliveries wait and leave as soon as `parvis work` runs: stop it where it was first"
        )
    if done.shut:
        click.echo(
            f"nobody gave the sha256 of its SHA256SUMS: {done.shut} accounts and keys are switched off; look at "
            "`parvis people list`, then `parvis people set EMAIL --active`; keys are made anew"
        )
    if not done.has_passwords:
        click.echo(
            "no account has a password: sign in by an identity provider, or give one by `parvis people password`"
        )
    click.echo("restart every `parvis serve` and `parvis work`")
    if done.missing_files:
        click.echo(f"parvis: {done.missing_files} files were missing in the archive", err=True)
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
    """Give an account another password, asked for here, and sign it out everywhere.

    For accounts of a town that was archived without passwords, and for people who lost theirs.
    """

    async def do(deployment: "Deployment") -> None:
        from parvis_disposal.new_passwords import give_password

        await give_password(deployment.host.engine, email, password)

    with_deployment(read(file), do)
    click.echo(f"{email} signs in with the new password; tell it by another way than its address")


def _town(deployment: "Deployment", code: str) -> "Jurisdiction":
    town = deployment.jurisdictions.get(code)
    if town is None:
        raise Unusable(f"{code} is not served here (those that are: {', '.join(deployment.jurisdictions.by_code)})")
    return town
