"""The worker: relay, chores, polls and, where there is an antivirus, scanning, side by side until told to stop."""

import asyncio
from contextlib import suppress

import structlog

from parvis.connectors.polling import poll_until
from parvis.plugins.threads import PluginThreads
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.heart import Heart
from parvis.worker.chores import run_chores
from parvis.worker.relay import Limits, Relay
from parvis.worker.scanning import FileScanner

LOOK = 1.0  # seconds between two looks at plugins that stand still
PATIENCE = 5  # looks that one of them gets to come back, once its call was given up
log = structlog.get_logger("parvis.worker")


async def run_worker(
    heart: Heart, stopping: asyncio.Event, limits: Limits | None = None, relay: Relay | None = None
) -> bool:
    """Deliver and do the chores; when told to stop, end the deliveries under way first.

    True when the process is to be started anew: a plugin stands still in it and does not come back.
    """
    relay = relay or Relay(heart, limits)
    async with asyncio.TaskGroup() as side_by_side:
        side_by_side.create_task(relay.run(stopping))
        side_by_side.create_task(run_chores(heart, relay.name, stopping))
        side_by_side.create_task(poll_until(heart, relay.name, stopping))
        if (scanner := heart.of(UploadGuard).scanner) is not None:
            side_by_side.create_task(FileScanner(heart, scanner).run(stopping))
        watching = side_by_side.create_task(stop_for_what_stands_still(heart.threads, stopping))
    return watching.result()


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
                log.error("the worker starts anew: a plugin does not end", plugin=each.package, where=each.stands_at())
            stopping.set()
            return True
    return False
