"""Calls to other systems: a client each with its pace and limits, the guard of addresses, a record of what was sent."""

import asyncio
import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpcore
import httpx
from msgspec import Struct

from parvis import __version__, clock
from parvis.sections import OutgoingSettings
from parvis.spans import span
from parvis_sdk.connectors import UNLOGGED, Pace
from parvis_sdk.errors import Later, Refused
from parvis_sdk.text import Text

MEGABYTE = 1_000_000
MOST_READ = 64 * MEGABYTE
LOGGED = 4_000  # characters of a body that are kept
TOO_LONG_TO_LOG = MEGABYTE
INSIDE = Text(
    fr="{host} est à {address}, une adresse à l’intérieur d’un réseau\u00a0: si c’est voulu, nommez ce réseau dans "
    "outgoing.private des paramètres",
    en="{host} is at {address}, an address inside a network: if it is meant, name the network in outgoing.private of "
    "the settings",
)
NOT_AN_EXIT = Text(
    fr="{plugin} parle à {host}, que ses réglages ne nomment pas : elle ne déclare que {hosts}",
    en="{plugin} speaks to {host}, which its settings do not name: it declares {hosts} only",
)
NO_EXITS = Text(fr="aucun hôte", en="no host")
LEAST_SECRET = 4  # characters: less is found in any text
CONNECTING = 5.0  # seconds
OF_THE_PACE = 0.9  # the part of a delivery's time that one call may take: what is left is for saying what went wrong
NAT64 = ip_network("64:ff9b::/96")  # the last 32 bits are an address of IPv4
UNICAST = ip_network("2000::/3")  # all of IPv6 that is given out to machines of the internet
CLOSING = 1.0  # seconds that another loop gets to close a client
RETRIES = 1  # of making a connection, before anything was sent


class ExchangeRecord(Struct, frozen=True, kw_only=True):
    """One call and its answer, as they went over the wire; `status` is 0 where no answer came."""

    method: str
    url: str
    sent: str
    status: int
    received: str
    milliseconds: int
    trouble: str = ""


class PluginGuard(Struct, frozen=True, kw_only=True):
    """What the client lent to a plugin minds: the hosts that it declared, if it did, and secrets not to be recorded."""

    plugin: str
    hosts: tuple[str, ...] | None = None
    secrets: tuple[str, ...] = ()

    def refusal(self, host: str) -> Text | None:
        """Why nothing is sent to a host, in words that name the plugin."""
        if self.hosts is None or host.lower() in self.hosts:
            return None
        return NOT_AN_EXIT.format(plugin=self.plugin, host=host, hosts=", ".join(self.hosts) or NO_EXITS)

    def without_secrets(self, words: str) -> str:
        """The words with every secret of the plugin taken out."""
        for each in self.secrets:
            words = words.replace(each, "…") if len(each) >= LEAST_SECRET else words
        return words


NO_GUARD = PluginGuard(plugin="")
RECORD: ContextVar[list[ExchangeRecord] | None] = ContextVar("exchanged", default=None)


@contextmanager
def recording() -> Iterator[list[ExchangeRecord]]:
    """Keep what goes over any client while this lasts, in this task and those that it starts."""
    exchanged: list[ExchangeRecord] = []
    token = RECORD.set(exchanged)
    try:
        yield exchanged
    finally:
        RECORD.reset(token)


class Clients:
    """The clients of one process, by the name of the connector or locator; they live until `close`.

    Connections belong to the loop that opened them: each loop has clients of its own.
    """

    def __init__(self, outgoing: OutgoingSettings | None = None) -> None:
        self.outgoing = outgoing or OutgoingSettings()
        self._clients: dict[tuple[str, asyncio.AbstractEventLoop], httpx.AsyncClient] = {}

    def of(self, name: str, pace: Pace, guard: PluginGuard = NO_GUARD) -> httpx.AsyncClient:
        """The client of that name, made when it is first asked for."""
        key = name, asyncio.get_running_loop()
        if key not in self._clients:
            self._clients[key] = client_over(wire_for(self.outgoing, pace), pace, guard)
        return self._clients[key]

    async def close(self) -> None:
        """Close every connection; those of a loop that stands still end with the process."""
        here = asyncio.get_running_loop()
        while self._clients:
            (_, loop), client = self._clients.popitem()
            if loop is here:
                await client.aclose()
            elif loop.is_running():
                closing = asyncio.wrap_future(asyncio.run_coroutine_threadsafe(client.aclose(), loop))
                await asyncio.wait({closing}, timeout=CLOSING)


def client_over(wire: httpx.AsyncBaseTransport, pace: Pace, guard: PluginGuard = NO_GUARD) -> httpx.AsyncClient:
    """A client that speaks over this wire at that pace."""
    return httpx.AsyncClient(
        transport=RecordingTransport(wire, pace, guard),
        timeout=httpx.Timeout(pace.seconds, connect=min(pace.seconds, CONNECTING)),
        headers={"user-agent": f"Parvis/{__version__}"},
        follow_redirects=False,
        trust_env=False,
    )


def wire_for(outgoing: OutgoingSettings, pace: Pace) -> httpx.AsyncHTTPTransport:
    """The connections themselves: by the proxy and the authorities of the settings, to allowed addresses only."""
    wire = httpx.AsyncHTTPTransport(
        verify=trusting(outgoing.ca),
        proxy=outgoing.proxy or None,
        trust_env=False,
        retries=RETRIES,
        limits=httpx.Limits(max_connections=pace.at_once + 1, max_keepalive_connections=pace.at_once),
    )
    if not outgoing.proxy:  # a proxy looks the address up itself, and guards what it guards
        wire._pool._network_backend = AddressGuard(outgoing.private)  # httpx has no door of its own for this
    return wire


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """Whom we believe: the usual authorities, and those of a file, which is read anew when it was written anew."""
    if authorities is None:
        return _trusting(None, None)
    found = authorities.stat()
    return _trusting(authorities, (found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=4)
def _trusting(authorities: Path | None, as_it_lies: tuple[int, int] | None) -> ssl.SSLContext:
    """Reading the usual ones takes longer than most calls: once in a process."""
    context = httpx.create_ssl_context(trust_env=False)
    if authorities is not None:
        context.load_verify_locations(cafile=authorities)
    return context


class RecordingTransport(httpx.AsyncBaseTransport):
    """A wire that keeps to a pace and to declared hosts, and passes what went over it to the recorder."""

    def __init__(self, wire: httpx.AsyncBaseTransport, pace: Pace, guard: PluginGuard = NO_GUARD) -> None:
        self.wire, self.guard = wire, guard
        self.seconds = pace.seconds * OF_THE_PACE
        self.at_once = asyncio.Semaphore(max(1, pace.at_once))
        self.apart = 1 / pace.per_second if pace.per_second > 0 else 0.0
        self.turn = asyncio.Lock()
        self.next_at = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if refusal := self.guard.refusal(request.url.host):
            note(request, None, b"", time.monotonic(), refusal.to("en"), self.guard)
            raise Refused(refusal)
        await self._wait_for_turn()
        async with self.at_once:
            started = time.monotonic()
            try:
                with span("call", request.method, request.headers) as followed:
                    response, body = await self._answer(request)
                    if followed is not None:
                        followed.ended("", response.status_code)
            except (httpx.TransportError, Later) as error:
                note(request, None, b"", started, str(error) or type(error).__name__, self.guard)
                raise
            note(request, response, body, started, "", self.guard)
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(body))

    async def _answer(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        """The whole answer within its time: httpx alone waits anew for each piece of it."""
        try:
            async with asyncio.timeout(self.seconds):
                response = await self.wire.handle_async_request(request)
                return response, await read(response)
        except TimeoutError as error:
            raise httpx.ReadTimeout(f"no whole answer within {self.seconds:g} s", request=request) from error

    async def _wait_for_turn(self) -> None:
        if not self.apart:
            return
        async with self.turn:
            now = time.monotonic()
            wait, self.next_at = self.next_at - now, max(now, self.next_at) + self.apart
        if wait > 0:
            await asyncio.sleep(wait)

    async def aclose(self) -> None:
        await self.wire.aclose()


async def read(response: httpx.Response) -> bytes:
    """The body as it came, compressed or not; one without end is cut off."""
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MOST_READ:
                raise Later(
                    Text(
                        fr=f"la réponse dépasse {MOST_READ // MEGABYTE}\u00a0Mo",
                        en=f"its answer is longer than {MOST_READ // MEGABYTE} MB",
                    )
                )
    finally:
        await response.aclose()
    return bytes(body)


def note(
    request: httpx.Request,
    response: httpx.Response | None,
    body: bytes,
    started: float,
    trouble: str,
    guard: PluginGuard = NO_GUARD,
) -> None:
    """Pass it to the recorder, if there is one."""
    record = RECORD.get()
    if record is None:
        return
    silent = any(request.extensions.get(name) for name in UNLOGGED)
    record.append(
        ExchangeRecord(
            method=request.method,
            url=guard.without_secrets(str(request.url.copy_with(query=None) if silent else request.url)),
            sent="" if silent else guard.without_secrets(sent_words(request)),
            status=response.status_code if response is not None else 0,
            received="" if silent or response is None else guard.without_secrets(received_words(response, body)),
            milliseconds=round((time.monotonic() - started) * 1000),
            trouble=trouble,
        )
    )


def sent_words(request: httpx.Request) -> str:
    try:
        content = request.content
    except httpx.RequestNotRead:
        return "(sent in pieces)"
    return words(content, request.headers.get("content-type", ""))


def received_words(response: httpx.Response, body: bytes) -> str:
    if len(body) > TOO_LONG_TO_LOG:
        return f"({len(body)} bytes)"
    try:
        plain = httpx.Response(response.status_code, headers=response.headers, content=body).content
    except httpx.DecodingError:
        return f"({len(body)} bytes that cannot be unpacked)"
    return words(plain, response.headers.get("content-type", ""))


def words(content: bytes, kind: str) -> str:
    """What can be read of a body; of a file only that there was one."""
    if not content:
        return ""
    if kind.startswith(("image/", "application/octet-stream", "application/pdf", "multipart/")):
        return f"({len(content)} bytes of {kind.partition(';')[0]})"
    return content[: LOGGED * 4].decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")[:LOGGED]


class AddressGuard(httpcore.AsyncNetworkBackend):
    """Connects to public addresses, and to private ones only where the settings name their network.

    The name is looked up here and the very address found is connected to, so that it cannot become another one between.
    """

    def __init__(self, private: Iterable[str]) -> None:
        self.private = tuple(ip_network(each, strict=False) for each in private)
        self.backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  as httpcore asks for it
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self.addresses(host, port):
            try:
                return await self.backend.connect_tcp(
                    address, port, timeout=timeout, local_address=local_address, socket_options=socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def addresses(self, host: str, port: int) -> list[str]:
        """Where a host is; `Later` when one of its addresses is not allowed."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)
        except (OSError, UnicodeError) as error:  # a part of a name may be too long to be asked for
            raise httpcore.ConnectError(f"{host} is not known: {error}") from error
        addresses = list(dict.fromkeys(str(each[4][0]).partition("%")[0] for each in found))
        for address in addresses:
            if not self.allows(ip_address(address)):
                raise Later(INSIDE.format(host=host, address=address))
        return addresses

    def allows(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether an address is of one machine of the public internet, or of a network that the settings name."""
        plain = _unwrapped(address)
        if any(each in network for each in (address, plain) for network in self.private):
            return True
        return plain.is_global and not plain.is_multicast and (plain.version == 4 or plain in UNICAST)

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  as httpcore asks for it
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no connector speaks to a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The address of IPv4 that a gateway (NAT64, 6to4) makes of one of IPv6; any other as it is."""
    if isinstance(address, IPv4Address):
        return address
    within = IPv4Address(int(address) & 0xFFFFFFFF) if address in NAT64 else address.ipv4_mapped or address.sixtofour
    return within or address


HTTP_CALLS_MOST_READ = 64_000
LONGEST_WAIT = timedelta(days=1)
IN_TIME = Text(fr="pas de réponse à temps ({error})", en="no answer in time ({error})")
AWAY = Text(fr="impossible à joindre\u00a0: {error}", en="it cannot be reached: {error}")


class NoAnswer(Later):
    """The other side was reached and has not answered: it may have done what it was asked."""


class Answer(Struct, frozen=True, kw_only=True):
    """What came back; of a long body only its beginning."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def retry_after(self) -> timedelta | None:
        """How long the other side asks to be left alone, said in seconds or as a date."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal() and len(said) < 9:
            return min(timedelta(seconds=int(said)), LONGEST_WAIT)
        try:
            at = parsedate_to_datetime(said)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(timedelta(0), min(at - clock.now(), LONGEST_WAIT))


def client(seconds: float, **options: Any) -> httpx.AsyncClient:
    """A client for a few calls: each step of one is given `seconds`, and nothing of the environment is believed."""
    return httpx.AsyncClient(
        verify=trusting(None),
        timeout=httpx.Timeout(seconds, connect=min(seconds, 5.0)),
        limits=httpx.Limits(max_connections=4, max_keepalive_connections=0),
        headers={"user-agent": f"Parvis/{__version__}"},
        follow_redirects=False,
        trust_env=False,
        **options,
    )


async def call(using: httpx.AsyncClient, method: str, url: str, **sent: Any) -> Answer:
    """One call; `Later` when the other side cannot be reached, hangs up or does not answer in time."""
    try:
        async with using.stream(method, url, **sent) as response:
            body = b""
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) >= HTTP_CALLS_MOST_READ:
                    break
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(status=response.status_code, body=body[:HTTP_CALLS_MOST_READ], headers=headers)
    except (httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Later(IN_TIME.format(error=type(error).__name__)) from error
    except httpx.ConnectError as error:
        raise Later(AWAY.format(error=str(error) or type(error).__name__)) from error
    except httpx.TimeoutException as error:
        raise NoAnswer(IN_TIME.format(error=type(error).__name__)) from error
    except httpx.TransportError as error:
        raise NoAnswer(AWAY.format(error=str(error) or type(error).__name__)) from error
