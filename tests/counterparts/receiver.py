"""A receiver of calls in a process of its own, quick enough to be a ceiling, that goes wrong for a whole day on order.

python -m tests.counterparts.receiver PORT

Each first part of a path is a system of its own. `POST /_/weather {"crew": "hang"}` orders its weather, `GET /_/taken`
tells what it took, once for each id however often it came: `{"crew": {"count", "repeats", "disorder", "last"}}`.
"""

import asyncio
import json
import sys
from collections import defaultdict
from contextlib import suppress
from urllib.parse import urlsplit

WEATHERS = ("well", "reset", "error", "busy", "rubbish", "hang", "vanish", "swallow")
"""`vanish` closes without a word; `swallow` takes what came and closes without a word."""
BUSY_SECONDS = 2


class System:
    """One system: its weather, and what it took."""

    def __init__(self) -> None:
        self.weather = "well"
        self.taken: dict[str, str] = {}
        self.order: dict[str, list[str]] = defaultdict(list)
        self.repeats = 0

    def take(self, id: str, body: bytes) -> None:
        """Take a call in, once for each id."""
        if id in self.taken:
            self.repeats += 1
            return
        told = json.loads(body)
        reference = told["data"]["reference"]
        self.taken[id] = reference
        self.order[reference].append(told["timestamp"])

    def summary(self) -> dict[str, object]:
        """What it took; `disorder` counts requests whose events did not come in the order in which they happened."""
        disorder = sum(moments != sorted(moments) for moments in self.order.values())
        return {"count": len(self.taken), "repeats": self.repeats, "disorder": disorder, "requests": len(self.order)}


class Receiver:
    """The systems behind one port."""

    def __init__(self) -> None:
        self.systems: dict[str, System] = defaultdict(System)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept open as long as all is well."""
        with suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            while await self.one(reader, writer):
                pass
        writer.close()

    async def one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One call; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        name, _, rest = urlsplit(target).path.strip("/").partition("/")
        if name == "_":
            await answer(writer, 200, self.ordered(method, rest, body))
            return True
        return await self.weathered(self.systems[name], headers, body, writer)

    def ordered(self, method: str, what: str, body: bytes) -> object:
        """What the test asks of the receiver itself."""
        if method == "POST" and what == "weather":
            for name, weather in json.loads(body).items():
                assert weather in WEATHERS, weather
                self.systems[name].weather = weather
        return {name: system.summary() for name, system in self.systems.items()}

    async def weathered(
        self, system: System, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter
    ) -> bool:
        """What a system does with a call in its weather."""
        match system.weather:
            case "hang":
                await asyncio.sleep(3600)
            case "reset":
                writer.transport.abort()
                return False
            case "vanish":
                return False
            case "rubbish":
                writer.write(b"\x00\xffSSH-2.0-no web here\r\n")
                await writer.drain()
                return False
            case "error":
                await answer(writer, 500, {"error": "java.lang.NullPointerException"})
                return True
            case "busy":
                await answer(writer, 429, {}, f"retry-after: {BUSY_SECONDS}\r\n")
                return True
        system.take(headers.get("webhook-id", ""), body)
        if system.weather == "swallow":
            return False
        await answer(writer, 200, {"taken": True})
        return True


async def answer(writer: asyncio.StreamWriter, status: int, words: object, more: str = "") -> None:
    body = json.dumps(words).encode()
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    writer.write(head.encode() + body)
    await writer.drain()


async def main(port: int) -> None:
    server = await asyncio.start_server(Receiver().serve, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
