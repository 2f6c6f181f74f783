"""Whose turn it was last, under a lock that holds until the unit ends."""

from uuid import UUID

from parvis.db import held
from parvis.db.routing_tables import RuleTurn
from parvis.requests.heart import Heart


async def turn_of(heart: Heart, key: str) -> UUID | None:
    """Inside a unit: whose turn it was; until the unit ends, whoever asks for the same waits."""
    await RuleTurn.insert(RuleTurn(key=key, last=None)).on_conflict(target=RuleTurn.key, action="DO NOTHING")
    rows = await held(RuleTurn.select(RuleTurn.last).where(RuleTurn.key == key), heart.engine)
    last: UUID | None = rows[0]["last"]
    return last


async def remember_turn(key: str, person: UUID) -> None:
    """Inside the unit that holds it: whose turn it was now."""
    await RuleTurn.update({RuleTurn.last: person}).where(RuleTurn.key == key)
