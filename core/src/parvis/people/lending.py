"""Away from work and back: the absence and what it lends, written down in one unit."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from parvis import absences
from parvis.db import Engine, unit
from parvis.people.granting import note_lent
from parvis_sdk.problems import Problems


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
    """Somebody is away; where it `lends`, the history of their roles says to whom and until when."""
    async with unit(engine):
        problems = await absences.declare(engine, agent, starts_at, ends_at, deputy, by=by, lends=lends)
        if problems is None and deputy and lends:
            await note_lent(agent, deputy, ends_at, by=by)
    return problems


async def come_back(engine: Engine, id: UUID, agents: Collection[str], *, by: str) -> bool:
    """An absence of one of these people ends now, and with it what it lent; False where there is none."""
    async with unit(engine):
        ended = await absences.come_back(id, agents)
        if ended is not None and ended.lends:
            await note_lent(ended.agent, ended.deputy, ended.ends_at, by=by, did="ended")
    return ended is not None
