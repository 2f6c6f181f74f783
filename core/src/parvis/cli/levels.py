"""`parvis levels`: what a town promises instead of its request types, as a file: shown and checked."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.routing import town_of
from parvis.cli.troubles import Unusable, read, with_host

if TYPE_CHECKING:
    from parvis.host import Host
    from parvis.requests.levels.lines import Levels


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
        from parvis.requests.procedures.files import written_as_file
        from parvis.requests.procedures.kept import in_force

        standing = await in_force(LEVELS, host.heart, town_of(host, town))
        click.echo(f"# version {standing.version}" if standing.version else "# of the town's files")
        click.echo(written_as_file(LEVELS, standing.body), nl=False)

    with_host(read(file), do)


@levels.command()
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="The jurisdiction that they are for.")
@click.pass_obj
def check(file: Path | None, lines: Path, town: str) -> None:
    """Say what is wrong with the levels of a file. Exits 1 when they could not be put in force."""

    async def do(host: "Host") -> bool:
        from parvis.requests.levels.checking import faults_of
        from parvis.requests.routing.sentences import names_in

        faults = faults_of(_levels(lines), names_in(host.heart, town_of(host, town)))
        for fault in faults:
            where = f"line {fault.number}" if fault.number else "the levels"
            click.echo(f"{where}: {fault.what.to('en')}{'' if fault.blocks else ' (never holds)'}")
        return any(fault.blocks for fault in faults)

    if with_host(read(file), do):
        sys.exit(1)
    click.echo("these levels can be put in force")


def _levels(path: Path) -> "Levels":
    from parvis.requests.levels.kept import LEVELS
    from parvis.requests.procedures.files import Unreadable, read_file

    try:
        return read_file(LEVELS, path.read_bytes())
    except Unreadable as error:
        raise Unusable(f"{path}: {error}") from error
