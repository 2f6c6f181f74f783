"""`parvis people`: the accounts of agents, managers and operators."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.troubles import read, with_host

if TYPE_CHECKING:
    from parvis.host import Host


@click.group()
def people() -> None:
    """Who may work at the desk."""


@people.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """One line for each account, with its roles."""

    async def do(host: "Host") -> None:
        from parvis.people.agents import agents

        for person in await agents(host.heart.engine):
            roles = ", ".join(
                f"{grant.role} in {grant.jurisdiction}{'/' + grant.unit if grant.unit else ''}"
                for grant in person.grants
            )
            click.echo(f"{person.email}  {person.name}  {'' if person.active else '(inactive) '}{roles}")

    with_host(read(file), do)


@people.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, help="role@jurisdiction or role@jurisdiction/unit")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.pass_obj
def add(file: Path | None, email: str, name: str, roles: tuple[str, ...], password: str) -> None:
    """Add an account with its roles; the password is asked for."""

    async def do(host: "Host") -> str:
        from parvis.people.agents import Grant, add_agent, find_agent
        from parvis.people.passwords import weakness
        from parvis.people.roles import ROLES

        if await find_agent(host.heart.engine, email):
            return f"{email} has an account"
        if weak := weakness(password, email, name):
            return f"this password is {str(weak).replace('_', ' ')}: choose a longer, less common one"
        grants = []
        for role, _, where in (each.partition("@") for each in roles):
            jurisdiction, _, unit = where.partition("/")
            town = host.territory.get(jurisdiction)
            if role not in ROLES or town is None or (unit and town.unit(unit) is None):
                return f"'{role}@{where}' is no role, jurisdiction or unit here; roles are {', '.join(ROLES)}"
            grants.append(Grant(role=role, jurisdiction=jurisdiction, unit=unit))
        await add_agent(host.heart.engine, email=email, name=name, password=password, grants=grants)
        return ""

    if wrong := with_host(read(file), do):
        raise click.ClickException(wrong)


@people.command()
@click.argument("email")
@click.option("--active/--inactive", required=True)
@click.pass_obj
def set(file: Path | None, email: str, active: bool) -> None:
    """Let an account sign in, or no longer."""

    async def do(host: "Host") -> bool:
        from parvis.people.agents import find_agent, set_active

        person = await find_agent(host.heart.engine, email)
        if person is not None:
            await set_active(host.heart.engine, str(person.id), active)
        return person is not None

    if not with_host(read(file), do):
        click.echo(f"parvis: nobody here is called {email}", err=True)
        sys.exit(1)
