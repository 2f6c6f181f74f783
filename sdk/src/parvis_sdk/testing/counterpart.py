"""A local server that answers every call with one weather, and a transport that leads every call to it."""

import asyncio
import socket
import ssl
import struct
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

import httpx

from parvis_sdk.testing.somebody_else import answer_to
from parvis_sdk.testing.weathers import Weather

HERE = "127.0.0.1"
DRIP = 0.05  # seconds between two bytes of a slow answer
PIECE = b" " * 65_536
LINGER_AND_RESET = struct.pack("ii", 1, 0)
STRANGER = "somebody-else.example"


class BadCounterpart:
    """A local server while it is open; `calls` is the number of calls received.

    async with BadCounterpart(weather) as other:
        async with httpx.AsyncClient(transport=Led(other, httpx.AsyncHTTPTransport())) as client: ...
    """

    def __init__(self, weather: Weather) -> None:
        self.weather = weather
        self.calls = 0
        self.scheme = "https" if weather.wire == "stranger" else "http"
        self.port = 0
        self._server: asyncio.Server | None = None
        self._talking: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        trust = certificate_of_a_stranger() if self.weather.wire == "stranger" else None
        self._server = await asyncio.start_server(self._met, HERE, 0, ssl=trust)
        self.port = self._server.sockets[0].getsockname()[1]
        if self.weather.wire == "refused":
            self._server.close()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        for task in self._talking:
            task.cancel()
        await asyncio.gather(*self._talking, return_exceptions=True)

    def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._talk(reader, writer))
        self._talking.add(task)
        task.add_done_callback(self._talking.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                target, sent = await read_call(reader)
                await self._answer(writer, target, sent)
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter, target: str, sent: bytes) -> None:
        weather = self.weather
        body = answer_to(target, sent) if weather.wire == "somebody_else" else weather.body
        if weather.wire == "silent":
            await asyncio.Event().wait()
        if weather.wire == "reset":
            wire: socket.socket = writer.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_AND_RESET)
            writer.transport.abort()
            return
        length = len(body) * (2 if weather.wire == "cut" else 1)
        ends = {} if weather.wire == "endless" else {"content-length": str(length)}
        lines = [f"HTTP/1.1 {weather.status} Weather"]
        lines += [f"{name}: {value}" for name, value in {**weather.headers, **ends, "connection": "close"}.items()]
        writer.write("\r\n".join((*lines, "", "")).encode("latin-1"))
        while weather.wire == "endless":
            writer.write(PIECE)
            await writer.drain()
        for byte in body if weather.wire == "slow" else ():
            writer.write(bytes((byte,)))
            await writer.drain()
            await asyncio.sleep(DRIP)
        writer.write(b"" if weather.wire == "slow" else body)
        await writer.drain()


async def read_call(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    """Reads one call completely: its request line and its body, of any length."""
    asked = await reader.readuntil(b"\r\n\r\n")
    target, head, body = asked.split(b" ", 2)[1].decode("latin-1"), asked.lower(), b""
    if b"\r\ntransfer-encoding: chunked" in head:
        while size := int((await reader.readline()).partition(b";")[0], 16):
            body += (await reader.readexactly(size + 2))[:size]
        return target, body
    for line in head.split(b"\r\n"):
        if line.startswith(b"content-length:"):
            body = await reader.readexactly(int(line.partition(b":")[2]))
    return target, body


class Led(httpx.AsyncBaseTransport):
    """A transport that leads every call to one counterpart, whatever host it names."""

    def __init__(self, counterpart: BadCounterpart, wire: httpx.AsyncBaseTransport) -> None:
        self.counterpart = counterpart
        self.wire = wire

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        other = self.counterpart
        other.calls += 1
        url = request.url.copy_with(scheme=other.scheme, host=HERE, port=other.port)
        named = {**request.extensions, "sni_hostname": request.url.host}
        led = httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=named)
        return await self.wire.handle_async_request(led)

    async def aclose(self) -> None:
        await self.wire.aclose()


@cache
def certificate_of_a_stranger() -> ssl.SSLContext:
    """A certificate for another name, signed by an unknown authority."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509  # late, as everything that only tests need
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, STRANGER)])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), day, day + timedelta(36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(STRANGER)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        kept = Path(folder, "stranger.pem")
        plain = serialization.NoEncryption()
        kept.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(kept)
    return context
