"""The unit of work: one transaction per use case, which refuses to nest and in which nothing is caught."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from parvis.db.engines import Engine
from parvis.db.errors import HouseRuleBroken


@asynccontextmanager
async def unit(engine: Engine) -> AsyncIterator[None]:
    """All or nothing: committed when the block ends, rolled back when it raises.

    No other unit, no new task, no plugin code and no waiting for the outside world inside.
    """
    if in_unit(engine):
        raise HouseRuleBroken("a unit of work inside a unit of work: one use case, one unit")
    async with engine.transaction(allow_nested=False):
        yield


def in_unit(engine: Engine) -> bool:
    """Whether a unit is open here, for those who must refuse to run in one."""
    return engine.current_transaction.get() is not None
