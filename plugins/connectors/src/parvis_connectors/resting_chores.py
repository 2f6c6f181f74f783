"""Chores of plugins that rest: two turns in a row ended or blocked the worker, and a third one waits for a person."""

from datetime import datetime

from msgspec import Struct

from parvis.db import Engine, transaction
from parvis.installation import ran
from parvis.outbox.circuits import BLOCKING
from parvis.plugins.trying import BLOCKS_ALL, ENDS_ALL
from parvis.troubles import Trouble, kept, read_back
from parvis_connectors.tables import ChoreDeath

MOST = BLOCKING.tries  # turns in a row: once it may have been the moment, twice it is the chore


class ChoreOfVersion(Struct, frozen=True, kw_only=True):
    """A chore of a plugin in one town, as one version of the plugin does it."""

    name: str
    version: str


class Deaths(Struct, frozen=True, kw_only=True):
    """How many turns of a chore in a row ended or blocked the worker, when the last of them was, and what it said."""

    count: int
    at: datetime | None
    trouble: Trouble

    @property
    def rests(self) -> bool:
        """Whether the chore is left alone until a person, or another version of its plugin, begins it again."""
        return self.count >= MOST


async def deaths_of(chore: ChoreOfVersion) -> Deaths | None:
    """What is noted of a chore; of another version of its plugin nothing counts."""
    return (await noted()).get(chore)


async def noted() -> dict[ChoreOfVersion, Deaths]:
    """What is noted of every chore."""
    return {
        ChoreOfVersion(name=row["name"], version=row["version"]): Deaths(
            count=row["deaths"], at=row["at"], trouble=trouble
        )
        for row in await ChoreDeath.select()
        if (trouble := read_back(row["said"])) is not None
    }


async def counted_before(engine: Engine, chore: ChoreOfVersion) -> Deaths | None:
    """What is noted of a chore before its turn, with the last turn where that ended its worker.

    The next worker writes what ended one before it; each such turn is told from another by its moment.
    """
    before = await deaths_of(chore)
    if before is not None and before.rests:
        return before
    last = next((each for each in await ran() if each.name == chore.name), None)
    if last is None or last.trouble is None or last.trouble.what not in (ENDS_ALL, BLOCKS_ALL):
        return before
    if before is not None and before.at == last.ran_at:
        return before
    return await count_death(engine, chore, before, last.ran_at, last.trouble)


async def count_death(
    engine: Engine, chore: ChoreOfVersion, before: Deaths | None, at: datetime | None, trouble: Trouble
) -> Deaths:
    """Note that a turn ended or blocked the worker."""
    deaths = Deaths(count=(before.count if before else 0) + 1, at=at, trouble=trouble)
    row = ChoreDeath(name=chore.name, version=chore.version, deaths=deaths.count, at=at, said=kept(trouble))
    async with transaction(engine):
        await ChoreDeath.delete().where(ChoreDeath.name == chore.name)
        await ChoreDeath.insert(row)
    return deaths


async def begin_again(engine: Engine, name: str) -> None:
    """Forget what is noted of a chore: it went well, or a person says that it may be tried."""
    async with transaction(engine):
        await ChoreDeath.delete().where(ChoreDeath.name == name)
