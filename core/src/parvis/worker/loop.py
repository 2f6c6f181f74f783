"""The worker: relay, chores, polls and, where there is an antivirus, scanning, side by side until told to stop."""

import asyncio

from parvis.connectors.polling import poll_until
from parvis.requests.heart import Heart
from parvis.worker.chores import run_chores
from parvis.worker.relay import Limits, Relay
from parvis.worker.scanning import Scanning


async def run_worker(heart: Heart, stopping: asyncio.Event, limits: Limits | None = None) -> None:
    """Deliver and do the chores; when told to stop, end the deliveries under way first."""
    relay = Relay(heart, limits)
    async with asyncio.TaskGroup() as side_by_side:
        side_by_side.create_task(relay.run(stopping))
        side_by_side.create_task(run_chores(heart, relay.name, stopping))
        side_by_side.create_task(poll_until(heart, relay.name, stopping))
        if heart.scanner is not None:
            side_by_side.create_task(Scanning(heart, heart.scanner).run(stopping))
