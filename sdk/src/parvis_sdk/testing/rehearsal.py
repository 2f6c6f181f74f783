"""Rehearses one delivery of a connector in one weather over a real connection.

became = await rehearse(connector, event, request, weather)
assert not became.mistake
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx
from msgspec import Struct

from parvis_sdk.connectors import Connection, Connector
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Event
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.testing.counterpart import BadCounterpart, Led
from parvis_sdk.testing.somebody_else import taken
from parvis_sdk.testing.weathers import WEATHERS, Became, Weather

__all__ = ["WEATHERS", "BadCounterpart", "Became", "Led", "Rehearsed", "Weather", "rehearse", "seen_through"]

MORNING = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)
ONE_CALL = 0.3  # seconds of one call to a system that gives no whole answer, so that it costs no more
NEVER_WHOLE = ("silent", "slow")
PIECES = 20  # of the wait for a delivery: a machine that stands still for a while uses up one of them and not all
LAST_WORDS = 1.0  # seconds for what hangs to clean up
MOST_READ = 2_000_000
A_FILE = b"\x89PNG\r\n\x1a\n a picture"
BECAME: Mapping[Became, str] = {
    "done": "counts as delivered",
    "later": "is tried again",
    "refused": "is stopped until a person acts",
    "broken": "fails by a fault of the connector",
    "hung": "hangs",
}


class Rehearsed(Struct, frozen=True, kw_only=True):
    """What became of one delivery: done, to be tried again, stopped, broken or hung; and what an operator would read.

    `calls` is how often the other system was asked, `where` the line that raised what nobody expects.
    """

    weather: Weather
    became: Became
    said: str = ""
    retry_after: timedelta | None = None
    outcome: Outcome | None = None
    where: str = ""
    calls: int = 0

    @property
    def mistake(self) -> str:
        """The mistake; empty if there is none."""
        weather, words = self.weather, " · ".join(part for part in (self.said, self.where) if part)
        what = f"{weather.code}: when {weather.what}, the delivery {BECAME[self.became]}"
        if self.became in ("broken", "hung"):
            return f"{what}: {words}"
        if not self.calls:
            return ""  # it had nothing to tell
        if weather.wire == "somebody_else" and self.became == "done" and taken(self.outcome):
            return f"{what} and takes it for its own: compare the key in each answer with the one that was sent"
        if self.became not in weather.may:
            right = " or ".join(BECAME[each] for each in weather.may)
            return f"{what}{f' ({words})' if words else ''}; it should be one that {right}"
        if weather.wait is not None and (self.retry_after or timedelta()) < weather.wait:
            return f"{what} after {self.retry_after or 'a wait of our own'}, and was asked to wait {weather.wait}"
        return ""


async def rehearse(
    connector: Connector,
    event: Event,
    request: ServiceRequest,
    weather: Weather,
    *,
    now: datetime = MORNING,
    remembered: Mapping[str, Any] | None = None,
    seconds: float = 10.0,
) -> Rehearsed:
    """Sends the event through the connector while the other system has this weather, whatever address it calls.

    The wire is real and its client as the host lends it: no redirect is followed, a system that gives no whole answer
    is waited for a short while, and an answer without end is cut off.
    """
    patience = ONE_CALL if weather.wire in NEVER_WHOLE else seconds
    async with BadCounterpart(weather) as other:
        wire = Whole(Led(other, httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False)), patience)
        async with httpx.AsyncClient(transport=wire, timeout=patience, trust_env=False) as http:
            lent = Connection(http=http, now=now, content=files_of(request), remembered=remembered or {})
            became = await seen_through(connector, lambda: connector.deliver(event, request, lent), seconds)
    return Rehearsed(weather=weather, calls=other.calls, **became)


async def seen_through(connector: Connector, deliver: Callable[[], Awaitable[Any]], seconds: float) -> dict[str, Any]:
    """Await a delivery for so many seconds: what became of it, as the fields of a `Rehearsed`."""
    task = asyncio.ensure_future(deliver())
    for _ in range(PIECES):
        await asyncio.wait({task}, timeout=seconds / PIECES)
    if not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=LAST_WORDS)
        return {"became": "hung", "said": f"it did not answer within {seconds:g} s"}
    if task.cancelled():
        return {"became": "broken", "said": "it cancelled itself"}
    match task.exception():
        case None:
            outcome = task.result()
            if outcome is None or isinstance(outcome, Outcome):
                return {"became": "done", "outcome": outcome}
            return {"became": "broken", "said": f"it answered {outcome!r} instead of an Outcome or None"}
        case Later() as later:
            return {"became": "later", "said": later.reason, "retry_after": later.retry_after}
        case Refused() as refused:
            return {"became": "refused", "said": refused.reason}
        case error:
            what = f"it raised {type(error).__name__}: {' '.join(str(error).split())}"
            return {"became": "broken", "said": what, "where": _where(error, connector)}


def _where(error: BaseException, connector: Connector) -> str:
    """The last line of the connector's own package, or else of anybody's, that the error passed through."""
    function = getattr(connector.deliver, "func", connector.deliver)
    package = str(getattr(function, "__module__", "")).partition(".")[0]
    place, trace = "", error.__traceback__
    while trace is not None:
        own = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == package
        if own or not place:
            place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


class Whole(httpx.AsyncBaseTransport):
    """A wire that reads every answer to its end, as the host's does, and is patient once for the whole of it.

    Its patience is in seconds.
    """

    def __init__(self, wire: httpx.AsyncBaseTransport, patience: float) -> None:
        self.wire = wire
        self.patience = patience

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            async with asyncio.timeout(self.patience):
                response = await self.wire.handle_async_request(request)
                body = await _read(response)
        except TimeoutError as error:
            raise httpx.ReadTimeout("no whole answer in time", request=request) from error
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(body))

    async def aclose(self) -> None:
        await self.wire.aclose()


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    try:
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > MOST_READ:
                raise Later("its answer is too long")
    finally:
        await response.aclose()
    return bytes(body)


def files_of(request: ServiceRequest, contents: Mapping[str, bytes] | None = None) -> Callable[[str], Awaitable[bytes]]:
    """The `content` of a connection: the files of the request that the connector was told of, and no others."""
    known = {file.id for file in request.attachments}

    async def content(id: str) -> bytes:
        if id not in known:
            raise Refused(f"there is no file {id!r} that this connector may read")
        return (contents or {}).get(id, A_FILE)

    return content


@cache
def _trusted() -> SSLContext:
    return httpx.create_ssl_context(trust_env=False)
