"""The unit of work: one transaction per use case, which refuses to nest and in which nothing is caught."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar

from parvis.db.engines import Engine
from parvis.db.errors import HouseRuleBroken


@asynccontextmanager
async def transaction(engine: Engine) -> AsyncIterator[None]:
    """All or nothing: committed when the block ends, rolled back when it raises.

    No other unit, no new task, no plugin code and no waiting for the outside world inside.
    """
    if in_transaction(engine):
        raise HouseRuleBroken("a unit of work inside a unit of work: one use case, one unit")
    async with engine.transaction(allow_nested=False):
        yield


def in_transaction(engine: Engine) -> bool:
    """Whether a transaction is open here, for those who must refuse to run in one."""
    return engine.current_transaction.get() is not None


_gives_way: ContextVar[bool] = ContextVar("parvis_gives_way", default=False)


@contextmanager
def background_priority() -> Iterator[None]:
    """What runs inside, and in tasks started inside, gives way."""
    token = _gives_way.set(True)
    try:
        yield
    finally:
        _gives_way.reset(token)


def is_background() -> bool:
    """Whether this is background work beside people."""
    return _gives_way.get()


def share_of(connections: int) -> int:
    """How many of so many connections background work may hold."""
    return max(1, connections // 2)
