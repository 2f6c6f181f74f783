"""`parvis levels`: what a town promises instead of its request types, as a file: shown and checked."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.procedures import print_faults, print_in_force, read_procedure, town_of
from parvis.cli.troubles import read, with_host

if TYPE_CHECKING:
    from parvis.host import Host


@click.group()
def levels() -> None:
    """What is promised to whom, by the levels in force and by those of a file (see docs/service-levels.md)."""


@levels.command()
@click.option("--town", required=True, help="The jurisdiction whose levels they are.")
@click.pass_obj
def show(file: Path | None, town: str) -> None:
    """Print the levels in force as a file."""

    async def do(host: "Host") -> None:
        from parvis.requests.levels.kept import LEVELS

        await print_in_force(LEVELS, host, town)

    with_host(read(file), do)


@levels.command()
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="The jurisdiction that they are for.")
@click.pass_obj
def check(file: Path | None, lines: Path, town: str) -> None:
    """Say what is wrong with the levels of a file. Exits 1 when they could not be put in force."""

    async def do(host: "Host") -> bool:
        from parvis.requests.levels.checking import faults_of
        from parvis.requests.levels.kept import LEVELS
        from parvis.requests.routing.sentences import names_in

        faults = faults_of(read_procedure(LEVELS, lines), names_in(host.heart, town_of(host, town)))
        return print_faults(faults, "line", "the levels")

    if with_host(read(file), do):
        sys.exit(1)
    click.echo("these levels can be put in force")
