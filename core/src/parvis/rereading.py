"""What is read again every few seconds, so that pages are answered from memory; its owners declare it."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from msgspec import Struct

from parvis.jurisdictions import JurisdictionMistake
from parvis.requests.host import Host

Rereading = Callable[[], Awaitable[object]]


def no_mistakes(host: Host) -> Iterable[JurisdictionMistake]:
    """It reads no files of towns."""
    return ()


class Reread(Struct, frozen=True, kw_only=True):
    """What one module keeps in memory so, how it is read, and which mistakes keep files of towns from being read."""

    look: Callable[[Host], Awaitable[object]]
    mistakes: Callable[[Host], Iterable[JurisdictionMistake]] = no_mistakes


def rereadings(host: Host) -> tuple[Rereading, ...]:
    """Those of modules."""
    return tuple(partial(each.look, host) for each in host.modules.heard(Reread))


def mistakes_in_files(host: Host) -> tuple[JurisdictionMistake, ...]:
    """What keeps files of towns that were changed from being read again."""
    return tuple(mistake for each in host.modules.heard(Reread) for mistake in each.mistakes(host))
