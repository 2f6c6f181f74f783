"""What each worker goes on with: held files whose turn it is are scanned, several at once."""

import asyncio
from functools import partial

import structlog

from parvis.db import DatabaseTrouble
from parvis.plugins.trying import Failure, caught
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.host import Host
from parvis_sdk.virus_scanners import VirusScanner
from parvis_virus_scanning.scanning import Due, bring_forward, claim_due, scan

AT_ONCE = 4
SHORTEST_REST, LONGEST_REST = 0.2, 2.0
REST_WITHOUT_DATABASE = 5.0
log = structlog.get_logger("parvis.virus_scanning")


async def scan_until(host: Host, worker: str, stopping: asyncio.Event) -> None:
    """Scan until told to stop; nothing where the settings name no scanner.

    It goes on where no town has the module: files are held as soon as a scanner is named, in every town.
    """
    if (scanner := host.of(UploadGuard).scanner) is not None:
        await FileScanner(host, scanner).run(stopping)


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
