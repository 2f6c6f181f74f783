"""The worker: relay, chores, rounds of modules and, with an antivirus, scanning, side by side until told to stop."""

import asyncio
from contextlib import suppress
from functools import partial

import structlog

from parvis.beside_worker import WorkerRound
from parvis.db import DatabaseTrouble
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, caught
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.scanning import Due, bring_forward, claim_due, scan
from parvis.requests.host import Host
from parvis.worker.chores import run_chores
from parvis.worker.relay import Limits, Relay
from parvis_sdk.virus_scanners import VirusScanner

log = structlog.get_logger("parvis.worker")

AT_ONCE = 4
SHORTEST_REST, LONGEST_REST = 0.2, 2.0
REST_WITHOUT_DATABASE = 5.0


class FileScanner:
    """One worker's scanning of one antivirus; several workers share what is held."""

    def __init__(self, host: Host, scanner: VirusScanner) -> None:
        self.host, self.scanner = host, scanner
        self.is_away = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Scan what is due until told to stop."""
        rest, is_new = SHORTEST_REST, True
        while not stopping.is_set():
            try:
                if is_new:  # a plugin may have been mended for this start
                    await bring_forward(self.host)
                    is_new = False
                busy = await self.step() > 0
                rest = SHORTEST_REST if busy else min(rest * 1.5, LONGEST_REST)
            except DatabaseTrouble as trouble:
                log.error("held files cannot be read", trouble=str(trouble))
                rest = REST_WITHOUT_DATABASE
            try:
                async with asyncio.timeout(rest):
                    await stopping.wait()
            except TimeoutError:
                continue

    async def step(self) -> int:
        """Scan some of what is due; how many contents were tried."""
        due = await claim_due(self.host, AT_ONCE)
        if not due:
            return 0
        answered = await asyncio.gather(*(self._scan(each) for each in due))
        if any(answered) and self.is_away:
            await bring_forward(self.host)
        self.is_away = not any(answered)
        return len(due)

    async def _scan(self, due: Due) -> bool:
        tried = await caught(partial(scan, self.host, self.scanner, due))
        if isinstance(tried, Failure):  # its lease will pass, and it is tried again
            log.error("a held file could not be scanned", trouble=str(tried))
            return True
        if not tried.value and not self.is_away:
            log.warning("the antivirus is away: what is received is held", antivirus=self.scanner.title.en)
        return tried.value


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
        if (scanner := host.of(UploadGuard).scanner) is not None:
            side_by_side.create_task(FileScanner(host, scanner).run(stopping))
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
