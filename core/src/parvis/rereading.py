"""What is read again every few seconds, so that pages are answered from memory; its owners declare it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import structlog
from msgspec import Struct

from parvis.jurisdictions import JurisdictionMistake
from parvis.plugins.trying import Failure, caught, caught_at_once
from parvis.requests.host import Host

Rereading = Callable[[], Awaitable[object]]
SECONDS = 5.0  # between two looks
log = structlog.get_logger("parvis.rereading")


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
    """What keeps files of towns that were changed from being read again, or is wrong in them by what was read."""
    found: list[JurisdictionMistake] = []
    for each in host.modules.heard(Reread):
        said = caught_at_once(partial(each.mistakes, host))
        if isinstance(said, Failure):
            log.error("a module does not say what it found wrong", trouble=str(said))
        else:
            found += said.value
    return tuple(found)


async def reread_until(look: Rereading, stopping: asyncio.Event, seconds: float = SECONDS) -> None:
    """Look every few seconds until told to stop; a database that is away is looked at again."""
    while not stopping.is_set():
        try:
            async with asyncio.timeout(seconds):
                await stopping.wait()
        except TimeoutError:
            tried = await caught(look)
            if isinstance(tried, Failure):
                log.error("not looked at", trouble=str(tried))
