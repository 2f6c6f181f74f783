"""`parvis levels`: what a town promises instead of its request types, as a file: shown, checked, tried on the past."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_deployment
from parvis_rulesets.commands import print_faults, print_in_force, read_procedure, town_of

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis_service_levels.trying import Change


@click.group()
def levels() -> None:
    """Show, check and test service levels, those in force or those of a file (see docs/service-levels.md)."""


@levels.command()
@click.option("--town", required=True, help="Code of the town.")
@click.pass_obj
def show(file: Path | None, town: str) -> None:
    """Print the levels in force as a file."""

    async def do(deployment: "Deployment") -> None:
        from parvis_service_levels.kept import LEVELS

        await print_in_force(LEVELS, deployment, town)

    with_deployment(read(file), do)


@levels.command()
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="Code of the town.")
@click.pass_obj
def check(file: Path | None, lines: Path, town: str) -> None:
    """List the errors in a file of levels. Exits 1 if the levels cannot be put into force."""

    async def do(deployment: "Deployment") -> bool:
        from parvis.requests.town_names import names_in
        from parvis_service_levels.checking import faults_of
        from parvis_service_levels.kept import LEVELS

        faults = faults_of(read_procedure(LEVELS, lines), names_in(deployment.host, town_of(deployment, town)))
        return print_faults(faults, "line", "the levels")

    if with_deployment(read(file), do):
        sys.exit(1)
    click.echo("these levels can be put into force")


@levels.command("try")
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="Code of the town whose promised dates are used.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3660), help="Number of past days.")
@click.option(
    "--most", default=50_000, show_default=True, type=click.IntRange(1), help="Maximum number, most recent first."
)
@click.pass_obj
def try_(file: Path | None, lines: Path, town: str, days: int, most: int) -> None:
    """Show how many past promised dates would have been different under a file of levels, and how many met."""

    async def do(deployment: "Deployment") -> None:
        from parvis import clock
        from parvis.requests.offered import types_of
        from parvis.requests.visibility import SYSTEM_VIEWER, scope_of
        from parvis.selection import Period
        from parvis_rulesets.versions import in_force
        from parvis_service_levels.kept import LEVELS
        from parvis_service_levels.trying import promised_by, try_lines

        there, now = town_of(deployment, town), clock.now()
        trial = await try_lines(
            scope_of(SYSTEM_VIEWER, there.code, deployment.jurisdictions),
            Period(since=now - timedelta(days=days), until=now),
            there,
            promised_by(types_of(deployment.host, there)),
            (await in_force(LEVELS, deployment.host, there)).body.rules,
            read_procedure(LEVELS, lines).rules,
            most=most,
        )
        for change in trial.changes:
            click.echo(_said(change))
        others = sum(change.promises for change in trial.changes)
        click.echo(f"{others} of {trial.tried} promised dates of the last {days} days would have been different")

    with_deployment(read(file), do)


def _said(change: "Change") -> str:
    """How many, which line of the file gives them what, and what that would have come to."""
    from parvis.i18n import format_percent, speaking
    from parvis.web.promise import delay_words

    with speaking("en"):
        came = f"{format_percent(change.share_after)} kept instead of {format_percent(change.share_before)}"
        line = f"line {change.number}" if change.number else "no line"
        delays = f"{delay_words(change.before)} -> {delay_words(change.after)}"
        return f"{change.promises:>7}  {line}: {delays}  {came if change.counted else 'none of them is over yet'}"
