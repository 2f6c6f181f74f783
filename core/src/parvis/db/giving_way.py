"""Background work gives way to people: it holds part of the connections only, the rest is always there for pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_gives_way: ContextVar[bool] = ContextVar("parvis_gives_way", default=False)


@contextmanager
def giving_way() -> Iterator[None]:
    """What runs inside, and in tasks started inside, gives way."""
    token = _gives_way.set(True)
    try:
        yield
    finally:
        _gives_way.reset(token)


def gives_way() -> bool:
    """Whether this is background work beside people."""
    return _gives_way.get()


def share_of(connections: int) -> int:
    """How many of so many connections background work may hold."""
    return max(1, connections // 2)
