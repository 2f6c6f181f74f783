"""The mail server and the gateway of texts of a run: each takes its time for a message, and writes down when it came.

`python -m benchmarks.outside LOG MILLISECONDS MOST SMTP_PORT TEXT_PORT`; of mail it lets in MOST connections at once.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, TextIO

from aiosmtpd.smtp import SMTP

from parvis import clock


class Outside:
    """What was taken, one line each: when, by which way, for whom, on which connection."""

    def __init__(self, log: TextIO, seconds: float, most: int) -> None:
        self.log, self.seconds, self.most = log, seconds, most
        self.connections = self.open = 0

    def wrote(self, way: str, to: str) -> None:
        self.log.write(f"{json.dumps([clock.now().timestamp(), way, to, self.connections])}\n")
        self.log.flush()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.seconds)
        for to in envelope.rcpt_tos:
            self.wrote("email", to)
        return "250 2.0.0 queued"

    async def text(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
                sent = json.loads(await reader.readexactly(length))
                await asyncio.sleep(self.seconds)
                self.wrote("sms", sent["to"])
                writer.write(b'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"id": "SM1"}')
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()


class MailConnection(SMTP):
    """One connection of mail; one too many is told so, as mail servers do."""

    def __init__(self, outside: Outside, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(outside, hostname="mail.parvis.example", enable_SMTPUTF8=True, loop=loop)
        self.outside, self.counted = outside, False

    def connection_made(self, transport: Any) -> None:
        if self.outside.open >= self.outside.most:
            transport.write(b"421 4.7.0 too many connections\r\n")
            transport.close()
            return
        self.outside.connections += 1
        self.outside.open += 1
        self.counted = True
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.counted:
            self.outside.open -= 1
            super().connection_lost(error)


async def serve(log: Path, milliseconds: int, most: int, mail: int, texts: int) -> None:
    loop = asyncio.get_running_loop()
    with log.open("a") as lines:
        outside = Outside(lines, milliseconds / 1000, most)
        await loop.create_server(lambda: MailConnection(outside, loop), "127.0.0.1", mail)
        await asyncio.start_server(outside.text, "127.0.0.1", texts)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), *map(int, sys.argv[2:])))
