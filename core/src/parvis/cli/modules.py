"""`parvis modules`: which modules are installed, in which towns they are on, and saying otherwise."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.switches import State


@click.group()
def modules() -> None:
    """List modules, and switch them on or off for a town."""


@modules.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """List modules with their version, and their state in each town."""
    from parvis.cli.troubles import read, with_deployment
    from parvis.db.migrating import left_behind
    from parvis.switches.deciding import used

    async def do(deployment: "Deployment") -> None:
        for each in deployment.modules.modules:
            click.echo(f"{each}  {await used(each)} rows")
            for town in deployment.jurisdictions.by_code.values():
                board = deployment.host.modules
                said = board.said_of(town, each.name)
                who = "its file" if town.modules is not None else f"{said.by}, {said.why}" if said else "not set"
                click.echo(f"  {town.code}: {board.of(town).state(each.name)} ({who})")
        for trouble in deployment.modules.troubles:
            click.echo(str(trouble), err=True)
        for name in await left_behind(deployment.modules):
            click.echo(f"the tables of the module {name} were not changed, because it is not installed", err=True)

    with_deployment(read(file), do)


def _switching(state: "State", words: str) -> click.Command:
    @click.command(state, help=words)
    @click.argument("name")
    @click.option("--town", required=True, help="Code of a town; * means every town that has no decision of its own.")
    @click.option("--reason", required=True, help="Reason, kept with the decision.")
    @click.option("--dry-run", is_flag=True, help="Show what would change, without changing it.")
    @click.pass_obj
    def switch(file: Path | None, name: str, town: str, reason: str, dry_run: bool) -> None:
        from parvis.cli.troubles import read, with_deployment

        with_deployment(read(file), lambda deployment: _switch(deployment, name, town, state, reason, dry_run=dry_run))

    return switch


async def _switch(
    deployment: "Deployment", name: str, town: str, state: "State", reason: str, *, dry_run: bool
) -> None:
    from parvis.cli.troubles import Unusable
    from parvis.requests.module_use import warnings_of
    from parvis.switches import EVERYWHERE
    from parvis.switches.deciding import decide
    from parvis.switches.deciding import reason as said

    board, every = deployment.host.modules, deployment.jurisdictions.by_code
    if deployment.modules.named(name) is None:
        raise Unusable(f"there is no working module '{name}'; `parvis modules list` shows the installed ones")
    if state not in board.states_of(name):
        raise Unusable(f"no open request depends on '{name}': switch it off")
    if town != EVERYWHERE and town not in every:
        raise Unusable(f"no town '{town}' is served here; choose one of {', '.join(every)}, or *")
    if not (why := said(reason)):
        raise Unusable("give a reason, which is kept with the decision")
    towns = [each for each in every.values() if town in (EVERYWHERE, each.code)]
    why_not = [text.en for each in towns if town != EVERYWHERE for text in board.hindrances(each, name, state)]
    if why_not:
        raise Unusable(" ".join(why_not))
    before = {each.code: board.of(each).state(name) for each in towns}
    for each in towns:
        for warning in await warnings_of(deployment.host, each, name, state):
            click.echo(f"{each.code}: {warning.en}", err=True)
    if not dry_run:
        by = getpass.getuser()
        await decide(deployment.host.engine, board, jurisdiction=town, module=name, state=state, by=by, why=why)
    for each in towns:
        after = board.with_decision(town, name, state).of(each).state(name) if dry_run else board.of(each).state(name)
        click.echo(f"{each.code}: {name} {before[each.code]} -> {after}{' (nothing was changed)' if dry_run else ''}")


for _state, _words in (
    ("on", "Switch a module on in a town."),
    ("closing", "Close a module to new use in a town; what is open continues."),
    ("off", "Switch a module off in a town; its data is kept."),
):
    modules.add_command(_switching(_state, _words))  # type: ignore[arg-type]
