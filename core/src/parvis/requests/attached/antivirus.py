"""What an antivirus is to us, and ClamAV as one: given a content it says clean, infected, or that it cannot say."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

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


PIECE = 65_536
LONGEST_ANSWER = 4_096
PING_SECONDS = 2.0


class ClamAV:
    """A clamd, by `host:port` or by the path of its socket: a `Scanner` of the `antivirus` beside it."""

    def __init__(self, address: str, *, seconds: float, most: int) -> None:
        self.address, self.seconds, self.most = address, seconds, most

    @property
    def name(self) -> str:
        return f"ClamAV, {self.address}"

    async def scan(self, content: BinaryIO) -> Clean | VirusFound:
        """What clamd says of the content; `ScannerAway` when it does not answer, `Unscannable` when it will not."""
        answer = await self._asked(b"zINSTREAM\0", content, self.seconds)
        if answer.endswith("OK"):
            return Clean()
        if answer.endswith(" FOUND"):
            return VirusFound(virus=answer.removesuffix(" FOUND").partition(": ")[2][:100])
        raise Unscannable(answer[:200])

    async def ping(self) -> None:
        """Raise `ScannerAway` unless it answers."""
        answer = await self._asked(b"zPING\0", None, PING_SECONDS)
        if answer != "PONG":
            raise ScannerAway(f"{self.address}: {answer[:100]!r}")

    async def _asked(self, command: bytes, content: BinaryIO | None, seconds: float) -> str:
        try:
            async with asyncio.timeout(seconds), self._line() as line:
                said = (await _said(line, command, content)).decode("utf-8", "replace").strip("\0\n ")
        except TimeoutError as error:
            raise ScannerAway(f"{self.address}: no answer within {seconds:g} s") from error
        except OSError as error:
            raise ScannerAway(f"{self.address}: {error.strerror or error}") from error
        if not said:
            raise ScannerAway(f"{self.address}: hung up without an answer")
        return said

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[socket.socket]:
        loop, away = asyncio.get_running_loop(), OSError("no such host")
        for family, where in await self._places():
            with socket.socket(family) as line:
                line.setblocking(False)
                try:
                    await loop.sock_connect(line, where)
                except OSError as error:
                    away = error
                    continue
                yield line
                return
        raise away

    async def _places(self) -> list[tuple[socket.AddressFamily, Any]]:
        if "/" in self.address:
            return [(socket.AF_UNIX, self.address)]
        host, _, port = self.address.rpartition(":")
        found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
        return [(family, where) for family, _, _, _, where in found]


async def _said(line: socket.socket, command: bytes, content: BinaryIO | None) -> bytes:
    """What it answers. Above its own limit clamd answers and hangs up while we still send: we listen all the while.

    A stream of asyncio would throw the answer away as soon as sending fails; a socket still has it.
    """
    answer = asyncio.ensure_future(_heard(line))
    try:
        with suppress(ConnectionError):
            await asyncio.get_running_loop().sock_sendall(line, command)
            await _send(line, content, answer)
        return await answer
    finally:
        answer.cancel()


async def _heard(line: socket.socket) -> bytes:
    said = b""
    while len(said) < LONGEST_ANSWER and not said.endswith(b"\0"):
        if not (piece := await asyncio.get_running_loop().sock_recv(line, LONGEST_ANSWER)):
            break
        said += piece
    return said


async def _send(line: socket.socket, content: BinaryIO | None, answer: asyncio.Future[bytes]) -> None:
    if content is None:
        return
    loop = asyncio.get_running_loop()
    while piece := await asyncio.to_thread(content.read, PIECE):
        if answer.done():
            return
        await loop.sock_sendall(line, len(piece).to_bytes(4, "big") + piece)
    await loop.sock_sendall(line, bytes(4))
