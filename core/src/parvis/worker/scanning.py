"""Held files go to the antivirus, a few at a time; while it is away they wait, and nothing else does."""

import asyncio
from functools import partial

import structlog

from parvis.db import DatabaseTrouble
from parvis.plugins.trying import Failure, caught
from parvis.requests.attached.antivirus import Scanner
from parvis.requests.attached.scanning import Due, bring_forward, claim_due, scan
from parvis.requests.heart import Heart

log = structlog.get_logger("parvis.worker")

AT_ONCE = 4
SHORTEST_REST, LONGEST_REST = 0.2, 2.0
REST_WITHOUT_DATABASE = 5.0


class FileScanner:
    """One worker's scanning of one antivirus; several workers share what is held."""

    def __init__(self, heart: Heart, scanner: Scanner) -> None:
        self.heart, self.scanner = heart, scanner
        self.is_away = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Scan what is due until told to stop."""
        rest = SHORTEST_REST
        while not stopping.is_set():
            try:
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
        due = await claim_due(self.heart, AT_ONCE)
        if not due:
            return 0
        answered = await asyncio.gather(*(self._scan(each) for each in due))
        if any(answered) and self.is_away:
            await bring_forward(self.heart)
        self.is_away = not any(answered)
        return len(due)

    async def _scan(self, due: Due) -> bool:
        tried = await caught(partial(scan, self.heart, self.scanner, due))
        if isinstance(tried, Failure):  # its lease will pass, and it is tried again
            log.error("a held file could not be scanned", trouble=str(tried))
            return True
        if not tried.value and not self.is_away:
            log.warning("the antivirus is away: what is received is held", antivirus=self.scanner.name)
        return tried.value
