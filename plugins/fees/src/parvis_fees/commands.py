"""`parvis payments`: what we hold of online payments beside what the provider holds, and mending what differs."""

import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from parvis.cli.troubles import read, with_deployment
from parvis_fees.town_tariffs import PAYMENT

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.jurisdictions import Jurisdiction
    from parvis_fees.reconciling import Difference

DAYS = 7


@click.group()
def payments() -> None:
    """Check online payments."""


@payments.command()
@click.option("--town", default="", help="Code of a town. Default: all towns with online payment.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=f"First day. Default: {DAYS} days ago.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day. Default: today.")
@click.option("--mend", "mending", is_flag=True, help="Correct our records to match the provider's, where possible.")
@click.pass_obj
def reconcile(file: Path | None, town: str, since: datetime | None, until: datetime | None, mending: bool) -> None:
    """Compare our records with the provider's. Exits 1 if they differ, or if the provider is unavailable."""

    async def do(deployment: "Deployment") -> int:
        towns = [each for each in deployment.jurisdictions.by_code.values() if PAYMENT.of(each).provider]
        chosen = [each for each in towns if not town or each.code == town]
        if not chosen:
            raise click.ClickException("no such town accepts online payments")
        return sum([await _compare(deployment, each, since, until, mending) for each in chosen])

    sys.exit(1 if with_deployment(read(file), do) else 0)


async def _compare(
    deployment: "Deployment", town: "Jurisdiction", since: datetime | None, until: datetime | None, mending: bool
) -> int:
    """Print one town; how many differences are left."""
    from parvis.plugins.trying import Failure
    from parvis_fees.reconciling import compare, mend

    first, after = _period(town, since, until)
    compared = await compare(deployment.host, town, first, after)
    if isinstance(compared, Failure):
        click.echo(f"{town.code}: the provider could not be asked: {compared}", err=True)
        return 1
    click.echo(
        f"{town.code}: {compared.ours} ours, {compared.theirs} theirs, "
        f"{compared.paid / 100:.2f} paid, {len(compared.differences)} differ"
    )
    left = 0
    for each in compared.differences:
        mended = mending and each.can_be_mended and await mend(deployment.host, town, each.key)
        left += not mended
        click.echo(f"  {_line(each, ZoneInfo(town.time_zone))}{'  mended' if mended else ''}")
    return left


def _line(each: "Difference", zone: ZoneInfo) -> str:
    sides = (("ours", each.ours), ("theirs", each.theirs))
    amounts = ", ".join(f"{whose} {cents / 100:.2f}" for whose, cents in sides if cents is not None)
    day = each.at.astimezone(zone).date()
    return f"{each.kind:<9} {each.reference or '-':<12} {day}  {amounts}  {each.key}  {each.external_id}"


def _period(town: "Jurisdiction", since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, in the town."""
    from parvis import clock

    zone = ZoneInfo(town.time_zone)
    today = clock.now().astimezone(zone).date()
    first: date = since.date() if since else today - timedelta(days=DAYS)
    last: date = until.date() if until else today
    return datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
