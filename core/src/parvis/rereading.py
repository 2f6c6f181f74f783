"""What is read again every few seconds, so that pages are answered from memory; its owners declare it."""

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec import Struct

from parvis.requests.heart import Heart

Rereading = Callable[[], Awaitable[object]]


class Reread(Struct, frozen=True, kw_only=True):
    """What one module keeps in memory so, and how it is read."""

    look: Callable[[Heart], Awaitable[object]]


def rereadings(heart: Heart) -> tuple[Rereading, ...]:
    """Those of modules."""
    return tuple(partial(each.look, heart) for each in heart.modules.heard(Reread))
