"""News of one request while its page is open: a stream that says "changed", nothing more."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import ServerSentEvent, ServerSentEventMessage

from parvis.requests.attached.attachments import held_of
from parvis.requests.host import Host
from parvis.requests.records import find
from parvis.web.addresses import patterns
from parvis.web.portal.visit import AtPortal
from parvis.web.track.keys import held, held_or_redirect

LOOK_SECONDS = 4.0
SIGN_OF_LIFE = 6  # looks between two comments that keep proxies from hanging up
LIFE = 450  # looks; the browser comes back by itself
MOST_STREAMS = 500


@get(patterns(":track", "{reference:str}", ":live"), name="live", opt={"uncompressed": True})
async def live(here: AtPortal, request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    found = await held_or_redirect(here, reference, "see")
    state = request.app.state
    if state.get("streams", 0) >= MOST_STREAMS:
        # Tells the browser not to come back; the page works without.
        return Response(None, status_code=204)

    async def is_let_in() -> bool:
        return await held(here, reference) is not None

    news = watch(here.host, found.record.reference, found.record.version, state, is_let_in)
    return ServerSentEvent(news, headers={"cache-control": "no-store", "x-accel-buffering": "no"})


async def watch(
    host: Host, reference: str, version: int, state: Any, is_let_in: Callable[[], Awaitable[bool]]
) -> AsyncIterator[ServerSentEventMessage]:
    """One message at each new version, until the host stops, the stream has lived long enough, or the key is over."""
    state.streams = state.get("streams", 0) + 1
    record = await find(host, reference)
    waiting = await held_of(record) if record else 0
    try:
        yield ServerSentEventMessage(comment="here", retry=5000)
        for look in range(1, LIFE + 1):
            with suppress(TimeoutError):
                await asyncio.wait_for(state.stopping.wait(), LOOK_SECONDS)
            if state.stopping.is_set():
                return
            record = await find(host, reference)
            if record is None:
                return
            still = await held_of(record) if waiting else 0
            if record.version != version or still != waiting:
                version, waiting = record.version, still
                yield ServerSentEventMessage(data=str(version), event="changed")
                if not await is_let_in():  # the page is fetched again, refused, and gets no more events
                    return
            elif look % SIGN_OF_LIFE == 0:
                yield ServerSentEventMessage(comment="here")
    finally:
        state.streams -= 1
