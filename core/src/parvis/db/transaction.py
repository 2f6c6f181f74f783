"""The unit of work: one transaction per use case, which refuses to nest and in which nothing is caught."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from parvis.db.engines import Engine
from parvis.db.errors import HouseRuleBroken


@asynccontextmanager
async def transaction(engine: Engine) -> AsyncIterator[None]:
    """All or nothing: committed when the block ends, rolled back when it raises.

    No other unit, no new task, no plugin code and no waiting for the outside world inside.
    """
    if in_transaction(engine):
        raise HouseRuleBroken("a unit of work inside a unit of work: one use case, one unit")
    try:
        async with engine.transaction(allow_nested=False):
            yield
    finally:
        engine.writes += 1


def in_transaction(engine: Engine) -> bool:
    """Whether a transaction is open here, for those who must refuse to run in one."""
    return engine.current_transaction.get() is not None


Answer = TypeVar("Answer")
Work = Callable[[], Awaitable[Any]]
MOST_KNOWN = 16  # things that the attempts at one unit of work have in common
_known: ContextVar[dict[str, Any] | None] = ContextVar("parvis_known_outside", default=None)


class NeededFirst(Exception):
    """What a unit of work needs done outside before it can be whole."""

    def __init__(self, key: str, work: Work) -> None:
        super().__init__(key)
        self.key, self.work = key, work


async def in_transaction_of_its_own(engine: Engine, make: Callable[[], Awaitable[Answer]]) -> Answer:
    """What `make` answers in a transaction. Where it finds that something is to be done outside first, all is rolled
    back, that is done, and `make` is asked again, from the beginning."""
    known: dict[str, Any] = {}
    token = _known.set(known)
    try:
        while True:
            try:
                async with transaction(engine):
                    return await make()
            except NeededFirst as needed:
                known[needed.key] = await needed.work()
    finally:
        _known.reset(token)


def done_outside(key: str, work: Work) -> Any | None:
    """Inside a transaction: what this work answered outside; it is done first where it was not yet. None where the
    transaction cannot be made again, or had enough done already."""
    known = _known.get()
    if known is None or (key not in known and len(known) >= MOST_KNOWN):
        return None
    if key not in known:
        raise NeededFirst(key, work)
    return known[key]


def same_each_time(key: str, make: Callable[[], Answer]) -> Answer:
    """What is made by chance and must not change when a transaction is made again."""
    made, known = make(), _known.get()
    return made if known is None else known.setdefault(key, made)


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
