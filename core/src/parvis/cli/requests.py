"""`parvis requests`: whether histories are whole; modules add theirs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.module_commands import Commands
from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.group(cls=Commands, within="requests")
def requests() -> None:
    """Import, verify and destroy requests."""


@requests.command()
@click.argument("references", nargs=-1)
@click.pass_obj
def verify(file: Path | None, references: tuple[str, ...]) -> None:
    """Verify that histories are intact: all, or those named. Exits 1 if an entry was altered, lost or added."""

    async def do(deployment: "Deployment") -> int:
        from parvis.requests.keeping.histories import broken_histories

        broken = [each async for each in broken_histories(deployment.host, references)]
        for reference, number in broken:
            click.echo(f"{reference}: broken at entry {number}")
        return len(broken)

    if with_deployment(read(file), do):
        sys.exit(1)
    click.echo("every history is intact")
