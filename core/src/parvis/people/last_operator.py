"""Nobody takes the last operator of a town away: asked wherever a role or an account is about to go."""

from uuid import UUID

from parvis.db import Engine, held
from parvis.db.people_tables import Agent
from parvis.db.people_tables import Grant as GrantRow
from parvis.people.roles import ROLES, permissions_of

OPERATING = [code for code in ROLES if "operate" in permissions_of(code)]


async def is_last_operator(engine: Engine, agent: UUID, jurisdiction: str) -> bool:
    """Whether nobody else with an open account runs this town. Inside a unit, the answer stays true until it ends."""
    running = GrantRow.role.is_in(OPERATING) & (GrantRow.jurisdiction == jurisdiction)
    rows = await held(GrantRow.select(GrantRow.agent).where(running).order_by(GrantRow.id), engine)
    others = {row["agent"] for row in rows} - {agent}
    if not others:
        return True
    accounts = await held(Agent.select(Agent.id, Agent.active).where(Agent.id.is_in(list(others))), engine)
    return not any(account["active"] for account in accounts)
