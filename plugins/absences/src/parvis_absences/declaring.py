"""Away from work and back: the absence, and what it delegates, written down in one unit."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.db import Engine, insert_values, transaction
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import Row
from parvis.delegations import KEPT, Delegation
from parvis.identifiers import new_id
from parvis.people.granting import delegate, end_delegation
from parvis_absences.rules import Absence, clashing, impossible
from parvis_absences.tables import Absence as AbsenceTable
from parvis_sdk.problems import Problems

KEY = "absences"


async def declare(
    engine: Engine,
    agent: str,
    starts_at: datetime,
    ends_at: datetime,
    deputy: str = "",
    *,
    by: str,
    lends: bool = False,
) -> Problems | None:
    """Somebody is away; `deputy` gets what rules would give them, and where it `lends` has their roles.

    What ended long ago is forgotten with it.
    """
    wanted = Absence(
        id=new_id(),
        agent=agent,
        deputy=deputy,
        starts_at=starts_at,
        ends_at=ends_at,
        by=by[:120],
        lends=lends and bool(deputy),
    )
    if problems := impossible(wanted):
        return problems
    async with transaction(engine):
        await turn_of(engine, KEY)  # two who name each other at once would make a circle that neither sees
        if problems := clashing(wanted, await absences()):
            return problems
        await _keep(wanted)
        await delegate(_delegation(wanted), by=by)
    return None


async def come_back(engine: Engine, id: UUID, agents: Collection[str], *, by: str) -> bool:
    """An absence of one of these people ends now, and with it what it lent; False where there is none."""
    mine = (AbsenceTable.id == id) & AbsenceTable.agent.is_in([UUID(each) for each in agents])
    async with transaction(engine):
        gone = await AbsenceTable.delete().where(mine).returning(AbsenceTable.id)
        if gone:
            await end_delegation(id, by=by)
    return bool(gone)


async def absences() -> tuple[Absence, ...]:
    """Those that are not over yet, the first to begin first."""
    rows = (
        await AbsenceTable.select()
        .where(AbsenceTable.ends_at > clock.now())
        .order_by(AbsenceTable.starts_at, AbsenceTable.id)
    )
    return tuple(_absence(row) for row in rows)


async def _keep(absence: Absence) -> None:
    people = {"agent": UUID(absence.agent), "deputy": UUID(absence.deputy) if absence.deputy else None}
    await insert_values(AbsenceTable, structs.asdict(absence) | people | {"made_at": clock.now()})
    await AbsenceTable.delete().where(AbsenceTable.ends_at < clock.now() - KEPT)


def _delegation(absence: Absence) -> Delegation:
    return Delegation(
        id=absence.id,
        agent=absence.agent,
        deputy=absence.deputy,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        lends=absence.lends,
    )


def _absence(row: Row) -> Absence:
    return Absence(
        id=row["id"],
        agent=str(row["agent"]),
        deputy=str(row["deputy"]) if row["deputy"] else "",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        by=row["by"],
        lends=row["lends"],
    )
