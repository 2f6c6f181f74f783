"""`parvis connectors`: how other systems stand, checks, polls, comparisons, pauses, updates not placed."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from parvis.cli.outbox import one_of, resume
from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis_sdk.connectors import Connector


DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.group()
def connectors() -> None:
    """Check, pause and update connections to other systems."""


@connectors.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """List connectors with the address and state of their systems, and what is pending or needs attention."""

    async def do(deployment: "Deployment") -> None:
        from parvis_connectors.standing import standings

        for each in await standings(deployment.host):
            waits = f"{each.waiting + each.postponed} waiting, {each.dead} dead, {each.strays} strays"
            since = f", oldest since {each.oldest:%Y-%m-%d %H:%M} UTC" if each.oldest else ""
            click.echo(f"{each.connector.name}  {each.connector.address}  {each.weather}  {waits}{since}")
            if each.paused_since:
                failing = f"only failures since {each.failing_since:%Y-%m-%d %H:%M} UTC" if each.failing_since else ""
                click.echo(f"    paused since {each.paused_since:%Y-%m-%d %H:%M} UTC: {each.paused_why or failing}")
            if each.last_trouble:
                click.echo(f"    {each.last_trouble}")
            if each.reading and each.reading.trouble:
                click.echo(f"    poll: {each.reading.trouble}")

    with_deployment(read(file), do)


@connectors.command()
@click.argument("name", required=False)
@click.pass_obj
def check(file: Path | None, name: str | None) -> None:
    """Check that settings are complete and the system is reachable and grants access; exits 1 otherwise."""

    async def do(deployment: "Deployment") -> bool:
        from parvis_connectors.calls import check as check_one

        well = True
        for each in _chosen(deployment, name):
            for answer in await check_one(deployment.host, each):
                well = well and answer.ok
                click.echo(f"{each.name}  {answer.code:<9}  {'yes' if answer.ok else 'NO'}  {answer.said.to('en')}")
        return well

    if not with_deployment(read(file), do):
        sys.exit(1)


@connectors.command()
@click.argument("name")
@click.pass_obj
def poll(file: Path | None, name: str) -> None:
    """Fetch the updates of a system now."""

    async def do(deployment: "Deployment") -> int | None:
        from parvis_connectors.polling import poll_now

        return await poll_now(deployment.host, one_of(deployment, name), "command")

    came = with_deployment(read(file), do)
    click.echo("nothing to poll, or a worker is already polling" if came is None else f"{came} updates received")


@connectors.command()
@click.argument("name")
@click.pass_obj
def trial(file: Path | None, name: str) -> None:
    """Send a harmless test to a system, and show its answer."""

    async def do(deployment: "Deployment") -> str:
        from parvis_connectors.calls import try_out

        answered = await try_out(deployment.host, one_of(deployment, name))
        if not isinstance(answered, str):
            raise click.ClickException(str(answered))
        return answered

    click.echo(with_deployment(read(file), do))


@connectors.command()
@click.argument("name")
@click.option("--since", type=DAY, required=True, help="First day, or first moment in UTC.")
@click.option("--until", type=DAY, help="End of the period. Default: now.")
@click.option("--mend", is_flag=True, help="Correct the differences that can be corrected.")
@click.pass_obj
def compare(file: Path | None, name: str, since: datetime, until: datetime | None, mend: bool) -> None:
    """Compare our data for a period with the data of a system. Exits 1 if they differ."""

    async def do(deployment: "Deployment") -> int:
        from parvis import clock
        from parvis.plugins.trying import Failure
        from parvis_connectors.comparing import compare as compare_with
        from parvis_connectors.comparing import mend as mend_one

        connector = one_of(deployment, name)
        end = until.replace(tzinfo=UTC) if until else clock.now()
        found = await compare_with(deployment.host, connector, since.replace(tzinfo=UTC), end)
        if isinstance(found, Failure):
            raise click.ClickException(str(found))
        left = 0
        for each in found:
            mended = mend and await mend_one(deployment.host, connector, each)
            left += not mended
            said = "  mended" if mended else ""
            click.echo(f"{each.kind:<14}  {each.reference or '-':<12}  {each.external_reference or '-'}{said}")
        click.echo(f"{len(found)} differences, {left} not corrected")
        return left

    if with_deployment(read(file), do):
        sys.exit(1)


@connectors.command()
@click.argument("name")
@click.argument("references", nargs=-1, required=True)
@click.pass_obj
def resend(file: Path | None, name: str, references: tuple[str, ...]) -> None:
    """Send the current state of requests to a system again."""

    async def do(deployment: "Deployment") -> list[str]:
        from parvis_connectors.comparing import resend as resend_one

        connector = one_of(deployment, name)
        return [each for each in references if not await resend_one(deployment.host, connector, each)]

    unknown = with_deployment(read(file), do)
    click.echo(f"{len(references) - len(unknown)} being sent")
    if unknown:
        raise click.ClickException(f"not for this connector: {', '.join(unknown)}")


@connectors.command()
@click.argument("name")
@click.option("--reason", required=True, help="Reason, shown to operators with the connector.")
@click.pass_obj
def pause(file: Path | None, name: str, reason: str) -> None:
    """Pause deliveries to a system until they are resumed. New deliveries wait in the meantime."""

    async def do(deployment: "Deployment") -> bool:
        from parvis.outbox.operating import pause as pause_one

        return await pause_one(deployment.host.engine, one_of(deployment, name).name, reason)

    click.echo("paused" if with_deployment(read(file), do) else "it was already paused")


connectors.add_command(resume)


@connectors.command()
@click.option("--connector", default="", help="Only the updates of this connector.")
@click.pass_obj
def strays(file: Path | None, connector: str) -> None:
    """List unmatched updates, newest first."""

    async def do(deployment: "Deployment") -> None:
        from parvis_connectors.unmatched_updates import strays as those

        for each in await those(connector=connector):
            said = each.update.note.to("en") if each.update.note else ""
            click.echo(
                f"{each.id}  {each.connector}  {each.reason}  {each.external_reference or each.update.reference or '-'}"
                f"  {each.times}x  {said}"
            )

    with_deployment(read(file), do)


@connectors.command()
@click.argument("stray")
@click.argument("reference")
@click.pass_obj
def match(file: Path | None, stray: str, reference: str) -> None:
    """Attach an unmatched update to a request, and apply it."""

    async def do(deployment: "Deployment") -> str | None:
        from parvis_connectors.unmatched_updates import match as match_one

        return await match_one(deployment.host, _id(stray), reference, "command line")

    became = with_deployment(read(file), do)
    if became not in ("taken", "late", "repeated"):
        raise click.ClickException(became or "there is no such unmatched update")
    click.echo(became)


@connectors.command()
@click.argument("stray")
@click.option("--reason", required=True, help="Reason for dismissing it, kept with the update.")
@click.pass_obj
def drop(file: Path | None, stray: str, reason: str) -> None:
    """Dismiss an unmatched update, with a reason."""

    async def do(deployment: "Deployment") -> bool:
        from parvis_connectors.unmatched_updates import drop as drop_one

        return await drop_one(deployment.host, _id(stray), "command line", reason)

    if not with_deployment(read(file), do):
        raise click.ClickException("there is no such unmatched update")


def _chosen(deployment: "Deployment", name: str | None) -> "tuple[Connector, ...]":
    return (one_of(deployment, name),) if name else tuple(deployment.plugins.connectors.values())


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise click.ClickException("give the id of an update, as `parvis connectors strays` shows it") from None
