"""What is read again every few seconds, so that pages are answered from memory; its owners declare it."""

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec import Struct

from parvis.requests.host import Host

Rereading = Callable[[], Awaitable[object]]


class Reread(Struct, frozen=True, kw_only=True):
    """What one module keeps in memory so, and how it is read."""

    look: Callable[[Host], Awaitable[object]]


def rereadings(host: Host) -> tuple[Rereading, ...]:
    """Those of modules."""
    return tuple(partial(each.look, host) for each in host.modules.heard(Reread))
