"""A request whose files are in every state that pages show: clean, still held, and gone since a virus was in them."""

from typing import Any, BinaryIO

from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.receiving import receive_file
from parvis.requests.host import Host
from parvis.requests.request_service import RequestService
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import Clean, Infected
from parvis_virus_scanning.scanning import claim_due, scan

from .portal import photo

NAMES = ("rue.jpg", f"trou-{'t' * 90}.jpg", "équipe.jpg")


class ScannerInTurn:
    """An antivirus that answers what it is told to, in turn."""

    name, title = "told", Text(fr="ClamAV", en="ClamAV")
    most_bytes, seconds = 20_000_000, 20.0

    def __init__(self, *answers: Clean | Infected) -> None:
        self.answers = list(answers)

    async def scan(self, content: BinaryIO) -> Clean | Infected:
        return self.answers.pop(0)

    async def ping(self) -> None:
        return


async def submit_with_files(host: Host, raw: dict[str, Any]) -> Any:
    """The receipt of a request with three photos."""
    scanner = ScannerInTurn(Clean(), Infected(virus="Eicar-Test-Signature"))
    guarded = host.having(UploadGuard(scanner))
    photos = []
    for name, colour in zip(NAMES, ("grey", "red", "navy"), strict=True):
        kept = await receive_file(guarded, "scanned", "photos", name, photo(colour))
        photos.append(getattr(kept, "id", ""))
    answers = {**raw["answers"], "photos": photos}
    counter = RequestService(guarded)
    receipt = await counter.submit("parvis", "pothole", {**raw, "answers": answers}, channel="portal", holder="scanned")
    for _ in range(2):  # nobody asks about the third
        (due,) = await claim_due(guarded, 1)
        await scan(guarded, scanner, due)
    return receipt
