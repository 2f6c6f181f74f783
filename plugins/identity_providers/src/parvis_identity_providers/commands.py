"""`parvis people link`: whose account at a provider opens an account here."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment


@click.command()
@click.argument("email")
@click.option("--provider", required=True, help="Name of the provider in the providers file.")
@click.option("--subject", required=True, help="Identifier of the person at the provider: the `sub` of its tokens.")
@click.pass_obj
def link(file: Path | None, email: str, provider: str, subject: str) -> None:
    """Link an account to a person at a provider, if their email alone does not prove who they are."""

    async def do(deployment: "Deployment") -> str:
        from parvis.people.agents import find_agent
        from parvis_identity_providers.arrivals import join
        from parvis_identity_providers.providers import IdentityProviders

        known = deployment.host.of(IdentityProviders)
        person = await find_agent(deployment.host.engine, email)
        if person is None:
            return f"there is no account {email}"
        if provider not in known:
            return f"the settings have no provider '{provider}'; choose one of {', '.join(known) or 'none'}"
        joined = await join(deployment.host.engine, known[provider].provider, person.id, subject)
        return "" if joined else f"{subject} comes in as an account already"

    if wrong := with_deployment(read(file), do):
        raise click.ClickException(wrong)
