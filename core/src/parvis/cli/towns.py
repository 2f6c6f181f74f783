"""`parvis towns`: records that a town has left permanently; modules export its data and destroy it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.module_commands import Commands
from parvis.cli.troubles import Unusable, read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.group(cls=Commands, within="towns")
def towns() -> None:
    """Archive, end or forget towns that are no longer served."""


@towns.command()
@click.argument("code")
@click.option("--reason", required=True, help="Why it is no longer served. Kept with the town.")
@click.pass_obj
def forget(file: Path | None, code: str, reason: str) -> None:
    """Stop expecting a town whose folder was removed. Its requests stay, and are found again if the town returns."""

    async def do(deployment: "Deployment") -> None:
        from parvis.requests.known_towns import forget_town

        jurisdictions = deployment.jurisdictions
        if jurisdictions.get(code) is not None:
            raise Unusable(f"{code} is served here: remove its folder first")
        if (town := jurisdictions.away.get(code)) is None:
            missed = ", ".join(jurisdictions.away) or "none"
            raise Unusable(f"no town {code} is missing here (missing: {missed})")
        if not reason.strip():
            raise Unusable("--reason must not be empty, because it is kept with the town")
        await forget_town(deployment.host.engine, code, reason.strip())
        click.echo(f"{town.name} is no longer expected; its {town.requests} requests stay in the database")
        click.echo("restart every `parvis serve` and `parvis work`")

    with_deployment(read(file), do)
