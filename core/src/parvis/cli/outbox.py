"""`parvis outbox`: what waits for delivery, what is dead, and bringing it back to life."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click
from msgspec.structs import asdict

from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.outbox import DeliveryState
    from parvis_sdk.connectors import Connector

STATES = ("waiting", "claimed", "postponed", "dead", "done", "skipped")


@click.group()
def outbox() -> None:
    """List, retry or dismiss deliveries to plugins and people."""


@outbox.command("list")
@click.option("--state", type=click.Choice(STATES), help="Only deliveries in this state.")
@click.option("--limit", default=50, show_default=True)
@click.pass_obj
def list_(file: Path | None, state: "DeliveryState | None", limit: int) -> None:
    """Count the deliveries in each state, then list them."""

    async def do(deployment: "Deployment") -> None:
        from parvis.outbox import counts, listing

        numbers = asdict(await counts())
        click.echo(", ".join(f"{numbers[each]} {each}" for each in STATES))
        wanted: tuple[DeliveryState, ...] = (state,) if state else ("dead", "postponed", "waiting", "claimed")
        for line in await listing(wanted, limit=limit):
            click.echo(f"{line.id}  {line.state:<9} {line.reference}  {line.subscriber}  {line.trouble or ''}")

    with_deployment(read(file), do)


@outbox.command()
@click.argument("id", required=False)
@click.option("--all", "everything", is_flag=True, help="All abandoned deliveries.")
@click.option("--subscriber", default="", help="With --all: only deliveries to this subscriber.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="With --all: only deliveries created since this time, in UTC.",
)
@click.pass_obj
def revive(file: Path | None, id: str | None, everything: bool, subscriber: str, since: datetime | None) -> None:
    """Retry one abandoned delivery, or all of them."""

    async def do(deployment: "Deployment") -> int:
        from parvis.outbox import revive as revive_one
        from parvis.outbox import revive_all

        if everything:
            return await revive_all(
                deployment.host.engine, subscriber=subscriber, since=since.replace(tzinfo=UTC) if since else None
            )
        return int(await revive_one(deployment.host.engine, _id(id)))

    revived = with_deployment(read(file), do)
    click.echo(f"{revived} revived")
    if not revived and not everything:
        sys.exit(1)


@outbox.command()
@click.argument("connector")
@click.pass_obj
def resume(file: Path | None, connector: str) -> None:
    """Resume deliveries to a paused connector, and retry those abandoned while it was unavailable."""

    async def do(deployment: "Deployment") -> int | None:
        from parvis.outbox.operating import resume as resume_one

        return await resume_one(deployment.host.engine, connector)

    revived = with_deployment(read(file), do)
    if revived is None:
        raise click.ClickException("it is not paused")
    click.echo(f"resumed; {revived} abandoned deliveries will be retried")


@outbox.command()
@click.argument("id")
@click.option("--reason", required=True, help="Why it does not need to be delivered. Kept with the delivery.")
@click.pass_obj
def skip(file: Path | None, id: str, reason: str) -> None:
    """Dismiss a delivery permanently, with a reason."""

    async def do(deployment: "Deployment") -> bool:
        from parvis.outbox import skip as skip_one

        return await skip_one(deployment.host.engine, _id(id), reason)

    if not with_deployment(read(file), do):
        raise click.ClickException("no delivery with this id can be dismissed")


def one_of(deployment: "Deployment", name: str) -> "Connector":
    """The connector of that name, or a sentence that names those there are."""
    known = deployment.plugins.connectors.get(name)
    if known is None:
        there = ", ".join(sorted(deployment.plugins.connectors)) or "none"
        raise click.ClickException(f"there is no connector {name!r}; choose one of: {there}")
    return known


def _id(given: str | None) -> UUID:
    try:
        return UUID(given or "")
    except ValueError:
        raise click.ClickException("give the id of a delivery, as `parvis outbox list` shows it") from None
