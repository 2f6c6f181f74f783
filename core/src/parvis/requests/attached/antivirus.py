"""What an antivirus is to us: it is handed a content and says clean, infected, or that it cannot say."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from msgspec import Struct


class Clean(Struct, frozen=True):
    """Nothing was found."""


class VirusFound(Struct, frozen=True, kw_only=True):
    """A virus was found, and this is what it is called."""

    virus: str


class ScannerAway(Exception):
    """The antivirus does not answer; what waits for it goes on waiting."""


class Unscannable(Exception):
    """The antivirus answers that it cannot judge this content, which stays held until somebody looks."""


class Scanner(Protocol):
    """An antivirus. `most` is the size in bytes of the largest content it takes; no larger file is received."""

    most: int

    @property
    def name(self) -> str: ...

    async def scan(self, content: BinaryIO) -> Clean | VirusFound: ...

    async def ping(self) -> None: ...


@dataclass(frozen=True)
class UploadGuard:
    """The antivirus of this process: with one, files are held until it has seen them."""

    scanner: Scanner | None = None
