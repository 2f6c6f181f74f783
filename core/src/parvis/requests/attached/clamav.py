"""Asking ClamAV: a file goes to clamd in pieces over a socket of its own, one word comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import BinaryIO

from parvis.requests.attached.antivirus import Clean, Infected, ScannerAway, Unscannable

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

    async def scan(self, content: BinaryIO) -> Clean | Infected:
        """What clamd says of the content; `ScannerAway` when it does not answer, `Unscannable` when it will not."""
        answer = await self._asked(b"zINSTREAM\0", content, self.seconds)
        if answer.endswith("OK"):
            return Clean()
        if answer.endswith(" FOUND"):
            return Infected(virus=answer.removesuffix(" FOUND").partition(": ")[2][:100])
        raise Unscannable(answer[:200])

    async def ping(self) -> None:
        """Raise `ScannerAway` unless it answers."""
        answer = await self._asked(b"zPING\0", None, PING_SECONDS)
        if answer != "PONG":
            raise ScannerAway(f"{self.address}: {answer[:100]!r}")

    async def _asked(self, command: bytes, content: BinaryIO | None, seconds: float) -> str:
        try:
            async with asyncio.timeout(seconds), self._line() as (reader, writer):
                # Above its own limit clamd answers and hangs up while we still send: so we listen all the while.
                answer = asyncio.ensure_future(reader.read(LONGEST_ANSWER))
                try:
                    writer.write(command)
                    await _send(writer, content, answer)
                except ConnectionError:
                    await asyncio.wait({answer})
                said = (await answer).decode("utf-8", "replace").strip("\0\n ")
        except TimeoutError as error:
            raise ScannerAway(f"{self.address}: no answer within {seconds:g} s") from error
        except OSError as error:
            raise ScannerAway(f"{self.address}: {error.strerror or error}") from error
        if not said:
            raise ScannerAway(f"{self.address}: hung up without an answer")
        return said

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        if "/" in self.address:
            reader, writer = await asyncio.open_unix_connection(self.address)
        else:
            host, _, port = self.address.rpartition(":")
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _send(writer: asyncio.StreamWriter, content: BinaryIO | None, answer: asyncio.Future[bytes]) -> None:
    if content is None:
        return
    while piece := await asyncio.to_thread(content.read, PIECE):
        if answer.done():
            return
        writer.write(len(piece).to_bytes(4, "big") + piece)
        await writer.drain()
    writer.write(bytes(4))
    await writer.drain()
