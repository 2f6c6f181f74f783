"""ClamAV: a clamd, on a socket or at an address, is handed each content, and what it answers becomes a verdict."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, BinaryIO

from parvis_clamav.settings import Settings
from parvis_sdk.errors import Later
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import PING_SECONDS, Clean, Infected, NotScanned, Verdict

CLEAN = "stream: OK"
PIECE = 65_536
LONGEST_ANSWER = 4_096
MEGABYTE = 1_000_000
GRACE = 1.0  # seconds in which a client that gave up says so itself


class ClamAV:
    """A clamd, by `host:port` or by the path of its socket."""

    name = "clamav"

    def __init__(self, settings: Settings) -> None:
        self.address, self.patience = settings.address, float(settings.seconds)
        self.title = Text(fr=f"ClamAV, {self.address}", en=f"ClamAV, {self.address}")
        self.most_bytes = settings.most * MEGABYTE
        self.seconds = self.patience + GRACE

    async def scan(self, content: BinaryIO) -> Verdict:
        """What clamd says of the content."""
        answer, has_all = await self._asked(b"zINSTREAM\0", content, self.patience)
        if answer == CLEAN:
            return Clean() if has_all else NotScanned(why="it answered before it had the whole content")
        if answer.endswith(" FOUND"):
            return Infected(virus=answer.removesuffix(" FOUND").partition(": ")[2])
        return NotScanned(why=answer)

    async def ping(self) -> None:
        """Raise `Later` unless it answers."""
        answer, _ = await self._asked(b"zPING\0", None, PING_SECONDS - GRACE)
        if answer != "PONG":
            raise Later(f"{self.address}: {answer[:100]!r}")

    async def _asked(self, command: bytes, content: BinaryIO | None, seconds: float) -> tuple[str, bool]:
        """What it says, and whether it had been sent everything by then."""
        try:
            async with asyncio.timeout(seconds), self._line() as line:
                heard, has_all = await _said(line, command, content)
                said = heard.decode("utf-8", "replace").strip("\0\n ")
        except TimeoutError as error:
            raise Later(f"{self.address}: no answer within {seconds:g} s") from error
        except OSError as error:
            raise Later(f"{self.address}: {error.strerror or error}") from error
        if not said:
            raise Later(f"{self.address}: hung up without an answer")
        return said, has_all

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


async def _said(line: socket.socket, command: bytes, content: BinaryIO | None) -> tuple[bytes, bool]:
    """What it answers, and whether all was sent before. Above its own limit clamd answers and hangs up while we still
    send: we listen all the while.

    A stream of asyncio would throw the answer away as soon as sending fails; a socket still has it.
    """
    answer, has_all = asyncio.ensure_future(_heard(line)), False
    try:
        with suppress(ConnectionError):
            await asyncio.get_running_loop().sock_sendall(line, command)
            has_all = await _send(line, content, answer)
        return await answer, has_all
    finally:
        answer.cancel()


async def _heard(line: socket.socket) -> bytes:
    said = b""
    while len(said) < LONGEST_ANSWER and not said.endswith(b"\0"):
        if not (piece := await asyncio.get_running_loop().sock_recv(line, LONGEST_ANSWER)):
            break
        said += piece
    return said


async def _send(line: socket.socket, content: BinaryIO | None, answer: asyncio.Future[bytes]) -> bool:
    if content is None:
        return True
    loop = asyncio.get_running_loop()
    while piece := await asyncio.to_thread(content.read, PIECE):
        if answer.done():
            return False
        await loop.sock_sendall(line, len(piece).to_bytes(4, "big") + piece)
    if answer.done():
        return False
    await loop.sock_sendall(line, bytes(4))
    return True
