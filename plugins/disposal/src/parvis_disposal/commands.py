"""`parvis requests forget`: what is due for destruction, what of it waits for an approval, and destroying the rest."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment

SHORTEST_NAME = 3


@click.command()
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
        from parvis.requests.keeping.retention import count_overdue, due_for_destruction
        from parvis_disposal import destruction

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

        host = deployment.host
        here = destruction.served(host)
        lines = await (destruction.forget_due(host) if really else due_for_destruction(host, towns=here))
        for line in lines:
            click.echo(f"{line.reference}  {line.type}  {line.then}  due {day(line.due_at, line.jurisdiction)}")
        click.echo(f"{len(lines)} {'forgotten' if really else 'to forget'}")
        for town in host.jurisdictions.by_code.values():
            if town.code not in here and (number := await count_overdue(host, [town])):
                click.echo(f"{town.code}: disposal is off here, {number} kept longer than their rule says")
        for each in await destruction.lists_to_approve(deployment.host):
            period = f"{day(each.since, each.jurisdiction)} to {day(each.until, each.jurisdiction)}"
            rule = f"{each.rule.days} days, {each.rule.then}"
            click.echo(
                f"to approve: {each.jurisdiction} {each.type} ({rule}), {period}, {len(each.lines)}: {each.mark}"
            )
        return gone

    if with_deployment(read(file), do):
        sys.exit(1)
