"""What each worker goes on with: collecting what happened, going on with replays, sending what is due."""

import asyncio
from contextlib import suppress

import structlog

from parvis.plugins.trying import Failure, caught
from parvis.requests.host import Host
from parvis_api_webhooks.collecting import collect, go_on_with_replay
from parvis_api_webhooks.endpoints import Endpoint, endpoints_of
from parvis_api_webhooks.sending import send_due

REST = 1.0  # seconds between two rounds in which nothing was done
log = structlog.get_logger("parvis.api_webhooks")


async def go_on(host: Host, worker: str, stopping: asyncio.Event) -> None:
    """Rounds until told to stop; one that fails is told, and the next one begins."""
    while not stopping.is_set():
        done = await caught(lambda: one_round(host))
        if isinstance(done, Failure):
            log.error("a round of webhooks failed", worker=worker, trouble=str(done))
        if isinstance(done, Failure) or not done.value:
            with suppress(TimeoutError):
                async with asyncio.timeout(REST):
                    await stopping.wait()


async def one_round(host: Host) -> int:
    """How much there was to do, in the towns that have the module."""
    there = await _there(host)
    done = 0
    for endpoint in there:
        done += await collect(host, endpoint)
        done += await go_on_with_replay(host, endpoint)
    return done + await send_due(host, await _there(host) if done else there)


async def _there(host: Host) -> tuple[Endpoint, ...]:
    found = []
    for each in await endpoints_of():
        town = host.jurisdictions.get(each.jurisdiction)
        if town is not None and host.modules.of(town).has("api_webhooks"):
            found.append(each)
    return tuple(found)
