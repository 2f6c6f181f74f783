"""`parvis requests`: proofs about what is kept: whole histories, and what the retention rules ask for."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from parvis.cli.module_commands import Commands
from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment

SHORTEST_NAME = 3


@click.group(cls=Commands, within="requests")
def requests() -> None:
    """What is kept, and for how long."""


@requests.command()
@click.argument("references", nargs=-1)
@click.pass_obj
def verify(file: Path | None, references: tuple[str, ...]) -> None:
    """Check that histories are whole: those named, or all. Exits 1 when an entry was altered, lost or added."""

    async def do(deployment: "Deployment") -> int:
        from parvis.requests.keeping.destruction import broken_histories

        broken = [each async for each in broken_histories(deployment.host, references)]
        for reference, number in broken:
            click.echo(f"{reference}: broken at entry {number}")
        return len(broken)

    if with_deployment(read(file), do):
        sys.exit(1)
    click.echo("every history is whole")


@requests.command()
@click.option("--do", "really", is_flag=True, help="Destroy what is approved; otherwise only say what is due.")
@click.option("--approve", "marks", multiple=True, metavar="SIGNATURE", help="Approve the list of this signature.")
@click.option("--by", "name", default="", metavar="NAME", help="With --approve: who approves it.")
@click.pass_obj
def forget(file: Path | None, really: bool, marks: tuple[str, ...], name: str) -> None:
    """What is due for destruction, by rule; approve a list of it, or destroy what is approved."""
    if marks and len(name.strip()) < SHORTEST_NAME:
        raise click.UsageError("--approve needs --by NAME: whoever approves a destruction is written beside it")

    async def do(deployment: "Deployment") -> int:
        from parvis.jurisdictions.calendars import local_day
        from parvis.outbox.clock_watch import ClockWatch
        from parvis.requests.actors import Actor
        from parvis.requests.keeping import destruction

        if really and (doubt := await ClockWatch(deployment.host.engine, "command").look()):
            raise Unusable(str(doubt))
        gone = 0
        for mark in marks:
            actor = Actor(kind="agent", id="command", name=name.strip())
            approved = await destruction.approve(deployment.host, mark, actor=actor)
            gone += approved is None
            click.echo(f"{mark}: {f'approved, {len(approved.lines)} requests' if approved else 'no list reads so now'}")

        def day(moment: datetime, code: str) -> str:
            return local_day(deployment.host.jurisdictions.jurisdiction(code).calendar, moment).isoformat()

        lines = await (destruction.forget_due if really else destruction.due_to_forget)(deployment.host)
        for line in lines:
            click.echo(f"{line.reference}  {line.type}  {line.then}  due {day(line.due_at, line.jurisdiction)}")
        click.echo(f"{len(lines)} {'forgotten' if really else 'to forget'}")
        for each in await destruction.lists_to_approve(deployment.host):
            period = f"{day(each.since, each.jurisdiction)} to {day(each.until, each.jurisdiction)}"
            rule = f"{each.rule.days} days, {each.rule.then}"
            click.echo(
                f"to approve: {each.jurisdiction} {each.type} ({rule}), {period}, {len(each.lines)}: {each.mark}"
            )
        return gone

    if with_deployment(read(file), do):
        sys.exit(1)


@requests.command("import")
@click.argument("lines", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--town", required=True, help="The jurisdiction that they belong to.")
@click.option("--source", required=True, help="The system that they come from: its numbers are known by this name.")
@click.pass_obj
def import_(file: Path | None, lines: Path, town: str, source: str) -> None:
    """Bring in requests of another system, one JSON object a line (see docs/operations.md).

    Nobody is written to. The same lines of the same source, brought in again, change nothing. Exits 1 when a line was
    refused; the others are in.
    """

    async def do(deployment: "Deployment") -> int:
        from parvis.requests.importing import ImportedRequest, bring_in
        from parvis_sdk.problems import Problems

        there = deployment.host.jurisdictions.get(town)
        if there is None:
            raise Unusable(
                f"there is no jurisdiction {town!r}: one of {', '.join(deployment.host.jurisdictions.by_code)}"
            )
        done, refused = 0, 0
        with lines.open("rb") as source_lines:
            for number, line in enumerate(source_lines, start=1):
                if not line.strip():
                    continue
                try:
                    answer = await bring_in(
                        deployment.host, there, source, msgspec.json.decode(line, type=ImportedRequest)
                    )
                except msgspec.DecodeError as error:
                    click.echo(f"line {number}: {error}", err=True)
                    refused += 1
                    continue
                if isinstance(answer, Problems):
                    for each in answer.found:
                        click.echo(f"line {number}: {each.path}: {each.message.en or each.message.fr}", err=True)
                    refused += 1
                else:
                    done += 1
        click.echo(f"{done} in, {refused} refused")
        return refused

    if with_deployment(read(file), do):
        sys.exit(1)
