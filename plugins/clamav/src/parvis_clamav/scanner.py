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
        answer = await self._asked(b"zINSTREAM\0", content, self.patience)
        if answer.endswith("OK"):
            return Clean()
        if answer.endswith(" FOUND"):
            return Infected(virus=answer.removesuffix(" FOUND").partition(": ")[2])
        return NotScanned(why=answer)

    async def ping(self) -> None:
        """Raise `Later` unless it answers."""
        answer = await self._asked(b"zPING\0", None, PING_SECONDS - GRACE)
        if answer != "PONG":
            raise Later(f"{self.address}: {answer[:100]!r}")

    async def _asked(self, command: bytes, content: BinaryIO | None, seconds: float) -> str:
        try:
            async with asyncio.timeout(seconds), self._line() as line:
                said = (await _said(line, command, content)).decode("utf-8", "replace").strip("\0\n ")
        except TimeoutError as error:
            raise Later(f"{self.address}: no answer within {seconds:g} s") from error
        except OSError as error:
            raise Later(f"{self.address}: {error.strerror or error}") from error
        if not said:
            raise Later(f"{self.address}: hung up without an answer")
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
