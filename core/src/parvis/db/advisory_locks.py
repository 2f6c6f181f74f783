"""Advisory locks: whoever asks for the same one waits until the transaction of the one before ends."""

from uuid import UUID

from parvis.db.engines import Engine, held
from parvis.db.upkeep_tables import RuleTurn


async def turn_of(engine: Engine, key: str) -> UUID | None:
    """Inside a transaction: whose turn it was."""
    await RuleTurn.insert(RuleTurn(key=key, last=None)).on_conflict(target=RuleTurn.key, action="DO NOTHING")
    rows = await held(RuleTurn.select(RuleTurn.last).where(RuleTurn.key == key), engine)
    last: UUID | None = rows[0]["last"]
    return last


async def remember_turn(key: str, person: UUID) -> None:
    """Inside the transaction that holds it: whose turn it was now."""
    await RuleTurn.update({RuleTurn.last: person}).where(RuleTurn.key == key)
