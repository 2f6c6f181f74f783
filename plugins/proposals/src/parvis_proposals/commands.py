"""`parvis plugins scopes`, `grant` and `revoke`: what plugins may do with other requests, town by town."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment

SHORTEST_NAME = 3


@click.command()
@click.pass_obj
def scopes(file: Path | None) -> None:
    """List what plugins ask to find, correct and propose, and what is granted in each town."""

    async def do(deployment: "Deployment") -> int:
        from parvis_proposals.granting import declared_scopes

        for each in await declared_scopes(deployment.host, tuple(deployment.jurisdictions.by_code.values())):
            last = f"  {each.decisions[0].by_name}, {each.decisions[0].at:%Y-%m-%d %H:%M}" if each.decisions else ""
            click.echo(f"{each.town.code}  {each.seeker.name}  {each.standing}{last}")
            for scope in each.seeker.noun.finds:
                told = ", ".join((*scope.answers, *(("place",) if scope.place else ()), *scope.needs)) or "nothing more"
                does = f"; proposes {', '.join(scope.moves) or 'ties'}" if each.seeker.is_heard else ""
                click.echo(f"    finds {', '.join(scope.types)}: {told}{does}")
            if corrects := getattr(each.seeker.noun, "corrects", ()):
                click.echo(f"    corrects {', '.join(corrects)}")
        return 0

    with_deployment(read(file), do)


@click.command()
@click.argument("subscription")
@click.option("--town", required=True, metavar="CODE", help="Code of the town.")
@click.option("--by", "name", required=True, metavar="NAME", help="Who grants it. Kept with the decision.")
@click.option("--reason", default="", help="Reason, shown in the history.")
@click.pass_obj
def grant(file: Path | None, subscription: str, town: str, name: str, reason: str) -> None:
    """Grant the scope that a subscription declares, in a town."""
    _decide(file, subscription, town, name, reason, granted=True)


@click.command()
@click.argument("subscription")
@click.option("--town", required=True, metavar="CODE", help="Code of the town.")
@click.option("--by", "name", required=True, metavar="NAME", help="Who revokes it. Kept with the decision.")
@click.option("--reason", default="", help="Reason, shown in the history.")
@click.pass_obj
def revoke(file: Path | None, subscription: str, town: str, name: str, reason: str) -> None:
    """Revoke the scope of a subscription in a town, immediately."""
    _decide(file, subscription, town, name, reason, granted=False)


def _decide(file: Path | None, subscription: str, town: str, name: str, reason: str, *, granted: bool) -> None:
    if len(name.strip()) < SHORTEST_NAME:
        raise click.UsageError("--by needs a name, which is kept with the decision")

    async def do(deployment: "Deployment") -> int:
        from parvis.requests.actors import Actor
        from parvis_proposals.granting import decide_scope, declared_scopes

        there = await declared_scopes(deployment.host, tuple(deployment.jurisdictions.by_code.values()))
        found = next((one for one in there if (one.town.code, one.seeker.name) == (town, subscription)), None)
        if found is None:
            known = ", ".join(f"{one.seeker.name} in {one.town.code}" for one in there) or "nothing"
            click.echo(f"{subscription} declares no scope in {town}; what does: {known}", err=True)
            return 1
        actor = Actor(kind="agent", id="command", name=name.strip())
        await decide_scope(deployment.host, found.town, found.seeker, granted=granted, actor=actor, reason=reason)
        click.echo(f"{town}: {subscription} is {'granted' if granted else 'revoked'}")
        return 0

    if with_deployment(read(file), do):
        sys.exit(1)
