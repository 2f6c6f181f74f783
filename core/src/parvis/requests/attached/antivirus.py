"""The virus scanner that settings name: what is received is held for it, and how much that is; a module asks it."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from msgspec import Struct

from parvis.db.tables import Attachment as AttachmentRow
from parvis.plugins.registry import PluginRegistry
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, attempt
from parvis.requests.attached.attachments import MOST_BYTES
from parvis.requests.host import Host
from parvis_sdk.errors import Later
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import PING_SECONDS, Verdict, VirusScanner

ASKED_BY = "virus_scanning"  # the module without which nobody asks a scanner
NOBODY = Text(fr="aucune extension n’apporte l’antivirus {name}", en="no plugin brings the virus scanner {name}")
NOT_ASKED = Text(
    fr=f"le module {ASKED_BY}, qui interroge l’antivirus {{name}}, n’est pas installé",
    en=f"the module {ASKED_BY}, which asks the virus scanner {{name}}, is not installed",
)

NOT_CHOSEN = Text(
    fr="aucun antivirus n’est choisi (files.scanner)\u00a0: ces fichiers restent retenus",
    en="no virus scanner is set (files.scanner): these files stay on hold",
)


@dataclass(frozen=True)
class UploadGuard:
    """The antivirus of this process: with one, files are held until it has seen them."""

    scanner: VirusScanner | None = None


class NobodyScans:
    """In place of a scanner that settings name, and that no plugin brings or no module asks: what is received waits."""

    most_bytes, seconds = MOST_BYTES, PING_SECONDS

    def __init__(self, name: str, why: Text = NOBODY) -> None:
        self.name, self.title = name, Text(fr=name, en=name)
        self.why = why.format(name=repr(name))

    async def scan(self, content: BinaryIO) -> Verdict:
        raise Later(self.why)

    async def ping(self) -> None:
        raise Later(self.why)


def guard_by(name: str, plugins: PluginRegistry, *, is_asked: bool) -> UploadGuard:
    """The scanner of that name, where a module asks it; without a name nothing is scanned, and nothing held."""
    if not name:
        return UploadGuard()
    if not is_asked:
        return UploadGuard(NobodyScans(name, NOT_ASKED))
    return UploadGuard(plugins.virus_scanners.get(name) or NobodyScans(name))


async def answers(host: Host, scanner: VirusScanner) -> bool:
    """Whether the scanner says that it lives."""
    pinged = await attempt(scanner.ping, PING_SECONDS, function=scanner.ping, threads=host.given(PluginThreads))
    return not isinstance(pinged, Failure)


class ScanBacklog(Struct, frozen=True, kw_only=True):
    """How many files are held, since when, and what keeps the oldest of those that were tried."""

    count: int = 0
    oldest: datetime | None = None
    trouble: str = ""


async def held_now() -> ScanBacklog:
    """For operators and monitors."""
    rows = (
        await AttachmentRow.select(AttachmentRow.received_at, AttachmentRow.scan_said)
        .where(AttachmentRow.scan_due_at.is_not_null())
        .order_by(AttachmentRow.received_at)
    )
    said = next((row["scan_said"] for row in rows if row["scan_said"]), "")
    return ScanBacklog(count=len(rows), oldest=rows[0]["received_at"] if rows else None, trouble=said)
