"""`parvis routing`: the rules by which requests find their unit, as a file: shown, checked, tried on the past."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_host

if TYPE_CHECKING:
    from parvis.host import Host
    from parvis.requests.routing.rules import Rules
    from parvis.territory import Jurisdiction


@click.group()
def routing() -> None:
    """Which unit receives which request, by the rules in force and by those of a file (see docs/routing.md)."""


@routing.command()
@click.option("--town", required=True, help="The jurisdiction whose rules they are.")
@click.pass_obj
def show(file: Path | None, town: str) -> None:
    """Print the rules in force as a file."""

    async def do(host: "Host") -> None:
        from parvis.requests.procedures.files import written_as_file
        from parvis.requests.procedures.kept import in_force
        from parvis.requests.routing.kept import ROUTING

        standing = await in_force(ROUTING, host.heart, town_of(host, town))
        click.echo(f"# version {standing.version}" if standing.version else "# of the town's files")
        click.echo(written_as_file(ROUTING, standing.body), nl=False)

    with_host(read(file), do)


@routing.command()
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="The jurisdiction that they are for.")
@click.pass_obj
def check(file: Path | None, rules: Path, town: str) -> None:
    """Say what is wrong with the rules of a file. Exits 1 when they could not be put in force."""

    async def do(host: "Host") -> bool:
        from parvis.requests.routing.checking import faults_of
        from parvis.requests.routing.sentences import names_in

        there = town_of(host, town)
        faults = faults_of(_rules(rules), names_in(host.heart, there))
        for fault in faults:
            where = f"rule {fault.number}" if fault.number else "the rules"
            click.echo(f"{where}: {fault.what.to('en')}{'' if fault.blocks else ' (never holds)'}")
        return any(fault.blocks for fault in faults)

    if with_host(read(file), do):
        sys.exit(1)
    click.echo("these rules can be put in force")


@routing.command("try")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="The jurisdiction whose requests they are tried on.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="How far back.")
@click.option("--most", default=50_000, show_default=True, type=click.IntRange(1), help="How many, the newest.")
@click.pass_obj
def try_(file: Path | None, rules: Path, town: str, days: int, most: int) -> None:
    """Say how many past requests would have gone elsewhere by the rules of a file, and where."""

    async def do(host: "Host") -> None:
        from parvis.requests.procedures.kept import in_force
        from parvis.requests.routing.kept import ROUTING
        from parvis.requests.routing.trying import try_out
        from parvis.requests.visibility import HOUSE

        there = town_of(host, town)
        standing = await in_force(ROUTING, host.heart, there)
        trial = await try_out(host.heart, HOUSE, there, standing.body, _rules(rules), days=days, most=most)
        for shift in trial.shifts:
            before, after = shift.owner_before or shift.before, shift.owner_after or shift.after
            click.echo(f"{shift.count:>7}  {before} -> {after}  such as {', '.join(shift.examples)}")
        click.echo(f"{trial.moved} of {trial.tried} requests of the last {days} days would have gone elsewhere")

    with_host(read(file), do)


def town_of(host: "Host", code: str) -> "Jurisdiction":
    there = host.heart.territory.get(code)
    if there is None:
        raise Unusable(f"there is no jurisdiction {code!r}: one of {', '.join(host.heart.territory.jurisdictions)}")
    return there


def _rules(path: Path) -> "Rules":
    from parvis.requests.procedures.files import Unreadable, read_file
    from parvis.requests.routing.kept import ROUTING

    try:
        return read_file(ROUTING, path.read_bytes())
    except Unreadable as error:
        raise Unusable(f"{path}: {error}") from error
