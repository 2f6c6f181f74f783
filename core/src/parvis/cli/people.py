"""`parvis people`: the accounts of agents, managers and operators."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parvis.cli.module_commands import Commands
from parvis.cli.troubles import read, with_deployment

if TYPE_CHECKING:
    from parvis.composition import Deployment
    from parvis.people.agents import Grant

ON_THE_SERVER = "parvis people"


@click.group(cls=Commands, within="people")
def people() -> None:
    """Manage the accounts of staff and their roles."""


@people.command("list")
@click.pass_obj
def list_(file: Path | None) -> None:
    """List accounts with their roles."""

    async def do(deployment: "Deployment") -> None:
        from parvis.people.agents import agents

        for person in await agents(deployment.host.engine):
            roles = ", ".join(
                f"{grant.role} in {grant.jurisdiction}{'/' + grant.unit if grant.unit else ''}"
                f"{':' + ','.join(grant.zones) if grant.zones else ''}"
                for grant in person.grants
            )
            click.echo(f"{person.email}  {person.name}  {'' if person.active else '(inactive) '}{roles}")

    with_deployment(read(file), do)


@people.command()
@click.option("--town", default="", help="Code of a town, to include the rights that its modules add.")
@click.pass_obj
def roles(file: Path | None, town: str) -> None:
    """List roles with the rights of each."""

    async def do(deployment: "Deployment") -> None:
        from parvis.people.roles import ROLES
        from parvis.viewers import rights_in

        for role in ROLES.values():
            names = (each.name for each in rights_in(deployment.host, town) if role.code in each.roles)
            click.echo(f"{role.code}  {role.title.en}  {', '.join(names)}")

    with_deployment(read(file), do)


@people.command()
@click.argument("email")
@click.option("--name", required=True)
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    help="role@town or role@town/unit; add :sector,sector to limit the role to some sectors",
)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.pass_obj
def add(file: Path | None, email: str, name: str, roles: tuple[str, ...], password: str) -> None:
    """Add an account with its roles. Asks for a password."""

    async def do(deployment: "Deployment") -> str:
        from parvis.people.agents import add_agent, find_agent
        from parvis.people.passwords import weakness

        if await find_agent(deployment.host.engine, email):
            return f"{email} already has an account"
        if weak := weakness(password, email, name):
            return f"this password is {str(weak).replace('_', ' ')}: choose a longer, less common one"
        grants = []
        for each in roles:
            wanted = _grant(each, deployment)
            if isinstance(wanted, str):
                return wanted
            grants.append(wanted)
        await add_agent(deployment.host.engine, email=email, name=name, password=password, grants=grants)
        return ""

    if wrong := with_deployment(read(file), do):
        raise click.ClickException(wrong)


@people.command()
@click.argument("email")
@click.argument("reference")
@click.pass_obj
def why(file: Path | None, email: str, reference: str) -> None:
    """Show whether an account may see a request, and why."""

    async def do(deployment: "Deployment") -> str:
        from parvis.access_explanation import why
        from parvis.people.agents import find_agent
        from parvis.requests.records import find

        person, record = await find_agent(deployment.host.engine, email), await find(deployment.host, reference)
        if person is None or record is None:
            return ""
        found = why(deployment.host, person, record)
        besides = ", ".join(each.to("en") for each in found.besides)
        return f"{found.sentence.to('en')} May also see: {besides or 'nothing'}."

    said = with_deployment(read(file), do)
    if not said:
        raise click.ClickException("there is no such account or no such request")
    click.echo(said)


@people.command()
@click.argument("email")
@click.option("--active/--inactive", required=True)
@click.pass_obj
def set(file: Path | None, email: str, active: bool) -> None:
    """Let an account sign in, or stop it from signing in."""

    async def do(deployment: "Deployment") -> str:
        from parvis.people.agents import find_agent
        from parvis.people.granting import set_active
        from parvis.requests.erasure_rules import forget_account

        person = await find_agent(deployment.host.engine, email)
        if person is None:
            return f"there is no account {email}"
        alone = await set_active(deployment.host.engine, person.id, active)
        if not active and not alone:
            await forget_account(deployment.host, person.id)
        return _alone(alone)

    _end(with_deployment(read(file), do))


@people.command()
@click.argument("email")
@click.pass_obj
def forget_codes(file: Path | None, email: str) -> None:
    """Turn off two-step verification for an account whose phone is lost, and sign it out everywhere."""

    async def do(deployment: "Deployment") -> str:
        from parvis.people.agents import find_agent
        from parvis.people.one_time import forget_lost

        person = await find_agent(deployment.host.engine, email)
        if person is None:
            return f"there is no account {email}"
        await forget_lost(deployment.host.engine, person.id)
        return ""

    _end(with_deployment(read(file), do))


@people.command()
@click.argument("email")
@click.argument("role")
@click.pass_obj
def grant(file: Path | None, email: str, role: str) -> None:
    """Grant a role to an account: role@town or role@town/unit. Add :sector,sector to limit it to some sectors."""

    async def do(deployment: "Deployment") -> str:
        from parvis.people.agents import find_agent
        from parvis.people.granting import give

        person, wanted = await find_agent(deployment.host.engine, email), _grant(role, deployment)
        if person is None or isinstance(wanted, str):
            return wanted if isinstance(wanted, str) else f"there is no account {email}"
        given = await give(deployment.host.engine, person.id, wanted, by=ON_THE_SERVER)
        return "" if given else f"{email} already has this role"

    _end(with_deployment(read(file), do))


@people.command()
@click.argument("email")
@click.argument("role")
@click.pass_obj
def revoke(file: Path | None, email: str, role: str) -> None:
    """Revoke a role of an account, written as `parvis people list` shows it."""

    async def do(deployment: "Deployment") -> str:
        from msgspec import structs

        from parvis.people.agents import find_agent
        from parvis.people.granting import take
        from parvis.sign_in_sources import given_anew

        person, wanted = await find_agent(deployment.host.engine, email), _grant(role, deployment)
        if person is None or isinstance(wanted, str):
            return wanted if isinstance(wanted, str) else f"there is no account {email}"
        if wanted not in person.grants:
            by_groups = [each for each in person.grants if each.source and structs.replace(each, source="") == wanted]
            if by_groups and (why := given_anew(deployment.host, by_groups[0])):
                return why.to("en")
            if not by_groups:
                return f"{email} does not have this role"
            wanted = by_groups[0]
        return _alone(await take(deployment.host.engine, person.id, wanted, by=ON_THE_SERVER))

    _end(with_deployment(read(file), do))


def _grant(said: str, deployment: "Deployment") -> "Grant | str":
    """The role that is meant, or what is wrong about it."""
    from parvis.people.agents import Grant
    from parvis.people.roles import ROLES

    role, _, where = said.partition("@")
    place, _, named = where.partition(":")
    jurisdiction, _, unit = place.partition("/")
    zones = tuple(sorted(filter(None, named.split(","))))
    town = deployment.jurisdictions.get(jurisdiction)
    unknown = town is None or (unit and town.unit(unit) is None) or not all(map(town.zone, zones))
    if role not in ROLES or unknown:
        return f"'{said}' is no role@jurisdiction/unit:zone of this installation; roles are {', '.join(ROLES)}"
    return Grant(role=role, jurisdiction=jurisdiction, unit=unit, zones=zones)


def _alone(towns: tuple[str, ...]) -> str:
    return f"{', '.join(towns)} would have no operator left: grant the role `operator` to another account first" * bool(
        towns
    )


def _end(wrong: str) -> None:
    if wrong:
        click.echo(f"parvis: {wrong}", err=True)
        sys.exit(1)
