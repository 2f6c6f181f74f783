"""Roles given to an account, lent to a colleague, taken away; the last operator of a town never loses it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock, delegations
from parvis.db import Engine, held, transaction
from parvis.db.people_tables import Agent, GrantChange, Session
from parvis.db.people_tables import Grant as GrantRow
from parvis.delegations import Delegation
from parvis.identifiers import new_id
from parvis.people.agents import Grant, as_list, grant_row, own_grant
from parvis.people.roles import ROLES, permissions_of

OPERATING = [code for code in ROLES if "operate" in permissions_of(code)]


async def is_last_operator(engine: Engine, agent: UUID, jurisdiction: str) -> bool:
    """Whether nobody else with an open account runs this town. In a transaction that stays true until its end."""
    running = GrantRow.role.is_in(OPERATING) & (GrantRow.jurisdiction == jurisdiction)
    rows = await held(GrantRow.select(GrantRow.agent).where(running).order_by(GrantRow.id), engine)
    others = {row["agent"] for row in rows} - {agent}
    if not others:
        return True
    accounts = await held(Agent.select(Agent.id, Agent.active).where(Agent.id.is_in(list(others))), engine)
    return not any(account["active"] for account in accounts)


MOST_TOLD = 200


class RoleChange(Struct, frozen=True, kw_only=True):
    """One line of the history of an account's roles."""

    did: str
    grant: Grant
    by: str
    at: datetime
    deputy: str = ""
    until: datetime | None = None


async def give(engine: Engine, id: str, grant: Grant, *, by: str) -> bool:
    """Give a role to an account; False where it has it already."""
    async with transaction(engine):
        rows = await GrantRow.select().where(GrantRow.agent == UUID(id))
        if any(own_grant(row) == grant for row in rows):
            return False
        await GrantRow.insert(grant_row(UUID(id), grant))
        await _note("given", id, grant, by)
    return True


async def take(engine: Engine, id: str, grant: Grant, *, by: str) -> tuple[str, ...]:
    """Take a role from an account; where nobody would run a town any more, that town, and nothing is taken."""
    async with transaction(engine):
        rows = await GrantRow.select().where(GrantRow.agent == UUID(id))
        gone = [row["id"] for row in rows if own_grant(row) == grant]
        left = [own_grant(row) for row in rows if row["id"] not in gone]
        if not gone:
            return ()
        ran = {grant.jurisdiction} if grant.role in OPERATING else set[str]()
        ran -= {each.jurisdiction for each in left if each.role in OPERATING}
        if alone := await _left_alone(engine, id, ran):
            return alone
        await GrantRow.delete().where(GrantRow.id.is_in(gone))
        await _note("taken", id, grant, by)
    return ()


async def set_active(engine: Engine, id: str, active: bool) -> tuple[str, ...]:
    """An account that is closed is signed out everywhere at once; towns that nobody would run keep theirs open."""
    async with transaction(engine):
        rows = await GrantRow.select(GrantRow.jurisdiction).where(
            (GrantRow.agent == UUID(id)) & GrantRow.role.is_in(OPERATING)
        )
        if not active and (alone := await _left_alone(engine, id, {row["jurisdiction"] for row in rows})):
            return alone
        await Agent.update({Agent.active: active}).where(Agent.id == UUID(id))
        if not active:
            await Session.delete().where(Session.agent == UUID(id))
    return ()


async def changes_of(engine: Engine, id: str) -> tuple[RoleChange, ...]:
    """What was given and taken, the latest first."""
    table = GrantChange
    rows = await table.select().where(table.agent == UUID(id)).order_by(table.id, ascending=False).limit(MOST_TOLD)
    return tuple(_changed(row) for row in rows)


async def note_lent(id: str, deputy: str, until: datetime, *, by: str, did: str = "lent") -> None:
    """Inside a transaction: write that all roles of somebody away are lent to a colleague, or (`ended`) no longer."""
    row = GrantChange(
        id=new_id(), agent=UUID(id), did=did, deputy=UUID(deputy), until=until, by=by[:120], at=clock.now()
    )
    await GrantChange.insert(row)


def _changed(row: dict[str, Any]) -> RoleChange:
    deputy = str(row["deputy"]) if row["deputy"] else ""
    return RoleChange(
        did=row["did"], grant=own_grant(row), by=row["by"], at=row["at"], deputy=deputy, until=row["until"]
    )


async def _left_alone(engine: Engine, id: str, towns: set[str]) -> tuple[str, ...]:
    """Those of the towns that an account runs which nobody would, were it to run them no more."""
    return tuple([town for town in sorted(towns) if await is_last_operator(engine, UUID(id), town)])


async def _note(did: str, id: str, grant: Grant, by: str) -> None:
    given = {**msgspec.structs.asdict(grant), "zones": as_list(grant.zones)}
    row = {name: given[name] for name in ("role", "jurisdiction", "unit", "zones")}
    await GrantChange.insert(GrantChange(id=new_id(), agent=UUID(id), did=did, by=by[:120], at=clock.now(), **row))


async def delegate(delegation: Delegation, *, by: str) -> None:
    """Inside a transaction: somebody takes over; where it `lends`, the history of roles says to whom and until when."""
    await delegations.write(delegation)
    if delegation.deputy and delegation.lends:
        await note_lent(delegation.agent, delegation.deputy, delegation.ends_at, by=by)


async def end_delegation(id: UUID, *, by: str) -> Delegation | None:
    """Inside a transaction: it ends now, and with it what it lent; None where it was not there any more."""
    ended = await delegations.end(id)
    if ended is not None and ended.lends:
        await note_lent(ended.agent, ended.deputy, ended.ends_at, by=by, did="ended")
    return ended
