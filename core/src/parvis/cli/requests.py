"""`parvis requests`: proofs about what is kept: whole histories, and what the retention rules ask for."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_host

if TYPE_CHECKING:
    from parvis.host import Host


@click.group()
def requests() -> None:
    """What is kept, and for how long."""


@requests.command()
@click.argument("references", nargs=-1)
@click.pass_obj
def verify(file: Path | None, references: tuple[str, ...]) -> None:
    """Check that histories are whole: those named, or all. Exits 1 when an entry was altered, lost or added."""

    async def do(host: "Host") -> int:
        from parvis.requests.verifying import broken_histories

        broken = [each async for each in broken_histories(host.heart, references)]
        for reference, number in broken:
            click.echo(f"{reference}: broken at entry {number}")
        return len(broken)

    if with_host(read(file), do):
        sys.exit(1)
    click.echo("every history is whole")


@requests.command()
@click.option("--do", "really", is_flag=True, help="Do it; otherwise only say what would be done.")
@click.pass_obj
def forget(file: Path | None, really: bool) -> None:
    """Destroy the personal data whose time has come; prints the register of it."""

    async def do(host: "Host") -> None:
        from parvis.requests.retention import due_to_forget, forget_due

        lines = await (forget_due if really else due_to_forget)(host.heart)
        for line in lines:
            due = line.due_at.date().isoformat() if line.due_at else ""
            click.echo(f"{line.reference}  {line.type}  {line.then}  due {due}")
        click.echo(f"{len(lines)} {'forgotten' if really else 'to forget'}")

    with_host(read(file), do)
