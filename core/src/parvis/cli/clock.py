"""`parvis clock`: whether the clock can be trusted, and somebody's word that it is right."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment

SHORTEST_NAME = 3


@click.group(invoke_without_command=True)
@click.pass_context
def clock(context: click.Context) -> None:
    """Check whether the clock of this machine can be trusted. Exits 1 while it is in doubt."""
    if context.invoked_subcommand is not None:
        return

    async def do(deployment: "Deployment") -> bool:
        from parvis.outbox.clock_watch import standing

        found = await standing(deployment.host.engine)
        click.echo(f"this machine   {found.now.isoformat(timespec='seconds')}")
        if found.database:
            click.echo(f"database       {found.database.isoformat(timespec='seconds')}")
        trusted = found.trusted.isoformat(timespec="seconds") if found.trusted else "nothing yet"
        click.echo(f"last trusted   {trusted}")
        for each in found.readings:
            said = f"in doubt: {each.doubt}" if each.doubt else "trusts its clock"
            click.echo(f"{each.process}  {each.said_at.isoformat(timespec='seconds')}  {said}")
        if found.confirmed_at:
            click.echo(f"confirmed by {found.confirmed_by} at {found.confirmed_at.isoformat(timespec='seconds')}")
        click.echo(str(found.doubt) if found.doubt else "in doubt" if found.is_doubted else "the clock is trusted")
        return found.is_doubted

    if with_deployment(read(context.obj), do):
        sys.exit(1)


@clock.command()
@click.option("--by", "name", required=True, metavar="NAME", help="The person who checked the clock.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.pass_obj
def confirm(file: Path | None, name: str, yes: bool) -> None:
    """Confirm that the clock of this machine is right, so that destruction, escalation and timers resume."""
    if len(name.strip()) < SHORTEST_NAME:
        raise Unusable("--by needs a name, which is kept with the confirmation")

    async def do(deployment: "Deployment") -> None:
        from parvis import clock as time
        from parvis.outbox.clock_watch import confirm as confirmed

        click.echo(f"this machine says {time.now().isoformat(timespec='seconds')}")
        if not yes:
            click.confirm("Is this the right time?", abort=True)
        await confirmed(deployment.host.engine, name.strip())
        click.echo("confirmed: work resumes")

    with_deployment(read(file), do)
