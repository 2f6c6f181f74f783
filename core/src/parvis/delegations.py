"""Who takes over from whom, from one moment to another: what rules that name persons and lent roles both ask.

Modules that know that somebody is away write it here, through `people.lending`: this lies below people and requests.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct, structs

from parvis import clock
from parvis.access_scope import Condition
from parvis.db import insert_values
from parvis.db.people_tables import Delegation as DelegationTable
from parvis.db.tables import Row

KEPT = timedelta(days=30)  # after its end


class Delegation(Struct, frozen=True, kw_only=True):
    """From one moment to just before another, what would be an agent’s goes to a deputy; "" where nobody takes over.

    Where it `lends`, the deputy has the roles of the agent as well.
    """

    id: UUID
    agent: str
    deputy: str = ""
    starts_at: datetime
    ends_at: datetime
    lends: bool = False


async def write(delegation: Delegation) -> None:
    """Inside a transaction: from now on it holds; what ended long ago is forgotten with it."""
    deputy = UUID(delegation.deputy) if delegation.deputy else None
    values = structs.asdict(delegation) | {"agent": UUID(delegation.agent), "deputy": deputy}
    await insert_values(DelegationTable, values)
    await DelegationTable.delete().where(DelegationTable.ends_at < clock.now() - KEPT)


async def end(id: UUID) -> Delegation | None:
    """Inside a transaction: it holds no longer, or never begins to; which, if it was there."""
    gone = await DelegationTable.delete().where(DelegationTable.id == id).returning(*DelegationTable.all_columns())
    return _delegation(gone[0]) if gone else None


async def delegations() -> tuple[Delegation, ...]:
    """Those that are not over yet, the first to begin first."""
    table = DelegationTable
    rows = await table.select().where(table.ends_at > clock.now()).order_by(table.starts_at, table.id)
    return tuple(_delegation(row) for row in rows)


def lending(agent: str, at: datetime, of: Literal["agent", "deputy"] = "agent") -> Condition:
    """A part of a FROM, for a raw statement: beside who stands in the column `agent`, the delegation `s` that lends
    their roles at a moment, or of the `deputy` those by which roles are lent to them; none where nobody has them."""
    join = f"LEFT JOIN delegation s ON s.{of} = {agent} AND s.lends AND s.starts_at <= {{}} AND s.ends_at > {{}}"
    return join, [at, at]


def _delegation(row: Row) -> Delegation:
    return Delegation(
        id=row["id"],
        agent=str(row["agent"]),
        deputy=str(row["deputy"]) if row["deputy"] else "",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        lends=row["lends"],
    )


def away_at(found: Collection[Delegation], at: datetime) -> dict[str, str]:
    """Who is away at a moment, with their deputy; "" without one."""
    return {each.agent: each.deputy for each in found if each.starts_at <= at < each.ends_at}


def stands_in(agent: str, away: Mapping[str, str], able: Collection[str]) -> str:
    """The person, or their deputy in the end; "" where nobody is there.

    >>> stands_in("ana", {"ana": "luc", "luc": "zoe"}, {"ana", "luc", "zoe"})
    'zoe'
    """
    seen = set[str]()
    while agent and agent not in seen:
        if agent not in away:
            return agent if agent in able else ""
        seen.add(agent)
        agent = away[agent]
    return ""
