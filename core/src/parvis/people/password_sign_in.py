"""Whose password still opens the door where most people come in by a provider."""

from collections.abc import Collection

from parvis.db import Engine
from parvis.db.people_tables import Agent
from parvis.db.people_tables import Grant as GrantRow
from parvis.people.agents import Person, normal_email
from parvis.people.last_operator import OPERATING


async def opens_by_password(engine: Engine, person: Person, only: Collection[str]) -> bool:
    """With nobody named, everybody's. Else those who are named; and the operators while no open account that is named
    is one of theirs, so that no list in a file can lock them all out."""
    named = [normal_email(each) for each in only]
    if not named or person.email in named:
        return True
    if not any(grant.role in OPERATING for grant in person.grants):
        return False
    rows = await Agent.select(Agent.id, Agent.active, Agent.password).where(Agent.email.is_in(named))
    keepers = [row["id"] for row in rows if row["active"] and row["password"]]
    if not keepers:
        return True
    running = GrantRow.role.is_in(OPERATING) & GrantRow.agent.is_in(keepers)
    return not await GrantRow.exists().where(running)
