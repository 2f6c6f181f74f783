"""A password set by the operator, for an account that arrived without one or whose owner lost it."""

from uuid import UUID

from parvis.cli.troubles import Unusable
from parvis.db import Engine, transaction
from parvis.db.people_tables import Agent
from parvis.people.agents import find_agent
from parvis.people.passwords import hash_password, weakness
from parvis.people.sessions import end_other_sessions


async def give_password(engine: Engine, email: str, password: str) -> None:
    """The account signs in with this one from now on, and every session of it ends; `Unusable` says why not."""
    person = await find_agent(engine, email)
    if person is None:
        raise Unusable(f"there is no account {email}")
    if weak := weakness(password, person.email, person.name):
        raise Unusable(f"this password is {weak.replace('_', ' ')}: choose a longer, less common one")
    kept = await hash_password(password)
    async with transaction(engine):
        await Agent.update({Agent.password: kept}).where(Agent.id == UUID(person.id))
    await end_other_sessions(engine, person.id)
