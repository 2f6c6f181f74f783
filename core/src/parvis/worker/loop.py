"""The worker: relay, chores and rounds of modules, side by side until told to stop."""

import asyncio
from contextlib import suppress
from functools import partial

import structlog

from parvis.beside_worker import WorkerRound
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Success, caught
from parvis.requests.host import Host
from parvis.worker.chores import run_chores
from parvis.worker.relay import Limits, Relay

log = structlog.get_logger("parvis.worker")

AGAIN = 30.0  # seconds until what a module goes on with is begun again, once it broke off
LOOK = 1.0  # seconds between two looks at plugins that stand still
PATIENCE = 5  # looks that one of them gets to come back, once its call was given up


async def run_worker(
    host: Host, stopping: asyncio.Event, limits: Limits | None = None, relay: Relay | None = None
) -> bool:
    """Deliver and do the chores; when told to stop, end the deliveries under way first.

    True when the process is to be started anew: a plugin stands still in it and does not come back.
    """
    relay = relay or Relay(host, limits)
    async with asyncio.TaskGroup() as side_by_side:
        side_by_side.create_task(relay.run(stopping))
        side_by_side.create_task(run_chores(host, relay.name, stopping))
        for each in host.modules.heard(WorkerRound):
            side_by_side.create_task(make_rounds(host, each, relay.name, stopping))
        watching = side_by_side.create_task(stop_for_what_stands_still(host.given(PluginThreads), stopping))
    return watching.result()


async def make_rounds(host: Host, each: WorkerRound, worker: str, stopping: asyncio.Event) -> None:
    """What a module goes on with; where it breaks, it is told to the log and begun again after a while."""
    while not stopping.is_set():
        ended = await caught(partial(each.run, host, worker, stopping))
        if isinstance(ended, Success):
            return
        log.error("the rounds of a module broke off", trouble=str(ended))
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), AGAIN)


async def stop_for_what_stands_still(threads: PluginThreads | None, stopping: asyncio.Event) -> bool:
    """Tell the worker to stop once a plugin has stood still for too long: whether that was why it stopped."""
    seen = 0
    while not stopping.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), LOOK)
        still = threads.standing_still if threads else ()
        seen = seen + 1 if still else 0
        if seen > PATIENCE and not stopping.is_set():
            for each in still:
                log.error("the worker restarts: a plugin does not end", plugin=each.package, where=each.stands_at())
            stopping.set()
            return True
    return False
