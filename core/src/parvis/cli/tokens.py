"""`parvis tokens`: keys that let machines use the API, with scopes."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.group()
def tokens() -> None:
    """Manage API keys."""


@tokens.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """List API keys, without the keys themselves, which are not kept."""

    async def do(deployment: "Deployment") -> None:
        from parvis.people.tokens import tokens as all_tokens

        for each in await all_tokens(deployment.host.engine):
            over = "  ".join(
                (f"{each.jurisdiction}/{','.join(each.units)}", *((",".join(each.types),) if each.types else ()))
            )
            click.echo(f"{each.handle}  {each.name}  {over}  {', '.join(sorted(each.scopes))}")

    with_deployment(read(file), do)


@tokens.command()
@click.argument("name")
@click.option("--jurisdiction", required=True)
@click.option("--unit", "units", multiple=True)
@click.option("--type", "types", multiple=True)
@click.option("--scope", "scopes", multiple=True, required=True)
@click.pass_obj
def make(
    file: Path | None,
    name: str,
    jurisdiction: str,
    units: tuple[str, ...],
    types: tuple[str, ...],
    scopes: tuple[str, ...],
) -> None:
    """Create an API key, which is shown only once."""

    async def do(deployment: "Deployment") -> str:
        from parvis.people.tokens import TokenLimits, UnknownScopes, make_token

        town, engine = deployment.jurisdictions.get(jurisdiction), deployment.host.engine
        if town is None:
            raise click.ClickException(f"there is no town '{jurisdiction}' here")
        if unknown := [each for each in units if town.unit(each) is None]:
            raise click.ClickException(f"{town.code} has no unit '{unknown[0]}'")
        added = deployment.host.modules.scopes(town)
        try:
            key, _ = await make_token(
                engine,
                name=name,
                jurisdiction=jurisdiction,
                limits=TokenLimits(units=units, types=types),
                scopes=scopes,
                added=added,
            )
        except UnknownScopes as error:
            raise click.ClickException(str(error)) from error
        return key

    click.echo(with_deployment(read(file), do))


@tokens.command()
@click.argument("handle")
@click.pass_obj
def revoke(file: Path | None, handle: str) -> None:
    """Revoke an API key."""

    async def do(deployment: "Deployment") -> bool:
        from parvis.people.tokens import revoke_token

        return await revoke_token(deployment.host.engine, handle)

    if not with_deployment(read(file), do):
        raise click.ClickException("this key does not exist")
