"""`parvis routing`: the rules by which requests find their unit, as a file: shown, checked, tried on the past."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_deployment
from parvis_rulesets.commands import print_faults, print_in_force, read_procedure, town_of

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.group()
def routing() -> None:
    """Show, check and test routing rules, those in force or those of a file (see docs/routing.md)."""


@routing.command()
@click.option("--town", required=True, help="Code of the town.")
@click.pass_obj
def show(file: Path | None, town: str) -> None:
    """Print the rules in force as a file."""

    async def do(deployment: "Deployment") -> None:
        from parvis_routing.kept import ROUTING

        await print_in_force(ROUTING, deployment, town)

    with_deployment(read(file), do)


@routing.command()
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="Code of the town.")
@click.pass_obj
def check(file: Path | None, rules: Path, town: str) -> None:
    """List the errors in a file of rules. Exits 1 if the rules cannot be put into force."""

    async def do(deployment: "Deployment") -> bool:
        from parvis.requests.town_names import names_in
        from parvis_routing.checking import faults_of
        from parvis_routing.kept import ROUTING

        faults = faults_of(read_procedure(ROUTING, rules), names_in(deployment.host, town_of(deployment, town)))
        return print_faults(faults, "rule", "the rules")

    if with_deployment(read(file), do):
        sys.exit(1)
    click.echo("these rules can be put into force")


@routing.command("try")
@click.argument("rules", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="Code of the town whose requests are used.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3660), help="Number of past days.")
@click.option(
    "--most", default=50_000, show_default=True, type=click.IntRange(1), help="Maximum number, most recent first."
)
@click.pass_obj
def try_(file: Path | None, rules: Path, town: str, days: int, most: int) -> None:
    """Show how many past requests would have gone to another unit under a file of rules, and where."""

    async def do(deployment: "Deployment") -> None:
        from parvis.requests.visibility import SYSTEM_VIEWER
        from parvis_routing.kept import ROUTING
        from parvis_routing.trying import try_out
        from parvis_rulesets.versions import in_force

        there = town_of(deployment, town)
        standing = await in_force(ROUTING, deployment.host, there)
        trial = await try_out(
            deployment.host, SYSTEM_VIEWER, there, standing.body, read_procedure(ROUTING, rules), days=days, most=most
        )
        for shift in trial.shifts:
            before, after = shift.owner_before or shift.before, shift.owner_after or shift.after
            click.echo(f"{shift.count:>7}  {before} -> {after}  such as {', '.join(shift.examples)}")
        click.echo(f"{trial.moved} of {trial.tried} requests of the last {days} days would have gone elsewhere")

    with_deployment(read(file), do)
