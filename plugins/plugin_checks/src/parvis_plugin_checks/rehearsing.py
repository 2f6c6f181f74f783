"""`parvis rehearse`: a connector and a system that hangs, refuses or talks rubbish."""

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.outbox import one_of
from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis_plugin_checks.rehearsals import Rehearsal

BECAME = {"done": "done", "later": "tried again", "refused": "stopped", "broken": "BROKEN", "hung": "HANGS"}


@click.command()
@click.argument("connector")
@click.option("--type", "types", multiple=True, help="Only requests of this type; several times for several.")
@click.pass_obj
def rehearse(file: Path | None, connector: str, types: tuple[str, ...]) -> None:
    """Try deliveries against a system that hangs, refuses or sends invalid data; exits 1 if one ends wrongly.

    A sample request of each type goes to a bad system on this machine, with the settings of this installation. The
    real one is not called, and nothing is written to the database.
    """

    async def do(deployment: "Deployment") -> list[str]:
        from parvis_plugin_checks.rehearsals import rehearsals

        mistakes, kind = [], ""
        async for each in rehearsals(deployment.host, one_of(deployment, connector), types):
            if each.type != kind:
                kind = each.type
                click.echo(f"{kind}  ({each.event})")
            click.echo(_line(each))
            if each.rehearsed.mistake:
                mistakes.append(f"{kind} · {each.rehearsed.mistake}")
        if not kind:
            raise click.ClickException(f"{connector} is told of no request of such a type")
        return mistakes

    mistakes = with_deployment(read(file), do)
    if mistakes:
        click.echo(f"\n{len(mistakes)} to mend:")
        for mistake in mistakes:
            click.echo(f"  {mistake}")
        sys.exit(1)


def _line(one: "Rehearsal") -> str:
    rehearsed = one.rehearsed
    became = BECAME[rehearsed.became] if rehearsed.calls or rehearsed.became != "done" else "not asked"
    mark = "!" if rehearsed.mistake else " "
    again = _in_words(one.again_in) if one.again_in is not None else ""
    return f"{mark} {rehearsed.weather.what:<42}  {became:<11}  {again:<9}  {one.words}".rstrip()


def _in_words(wait: timedelta) -> str:
    seconds = round(wait.total_seconds())
    return f"{seconds} s" if seconds < 600 else f"{seconds // 60} min"
