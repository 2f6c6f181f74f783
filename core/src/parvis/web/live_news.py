"""A stream that tells an open page of the desk that something changed, nothing more: the page fetches itself again."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from litestar import Response
from litestar.response import ServerSentEvent, ServerSentEventMessage

from parvis.people.sessions import is_open
from parvis.web.pages import AnyRequest
from parvis.web.sign_in.keys import token_in
from parvis.web.sign_in.signed_in import person_at

LOOK_SECONDS, SIGN_OF_LIFE, LIFE, MOST_STREAMS, MOST_OF_ONE = 4.0, 6, 450, 500, 12
Newest = Callable[[], Awaitable[object]]


def live_news(request: AnyRequest, newest: Newest) -> Response[Any]:
    """Says "changed" whenever what `newest` tells is another, as long as the person is signed in.

    Nothing where too many listen, or the person from too many pages: a page works without.
    """
    state, who = request.app.state, person_at(request).id
    if state.get("streams", 0) >= MOST_STREAMS or state.get("streams_of", {}).get(who, 0) >= MOST_OF_ONE:
        return Response(None, status_code=204)
    news = watch(newest, state, who, partial(is_open, token_in(request)))
    return ServerSentEvent(news, headers={"cache-control": "no-store", "x-accel-buffering": "no"})


async def watch(
    newest: Newest, state: Any, who: str, is_let_in: Callable[[], Awaitable[bool]]
) -> AsyncIterator[ServerSentEventMessage]:
    """One message at each news, until the host stops, the stream has lived long enough, or the person signs out."""
    state.streams = state.get("streams", 0) + 1
    state.streams_of = shares = state.get("streams_of") or Counter[str]()
    shares[who] += 1
    try:
        known = await newest()
        yield ServerSentEventMessage(comment="here", retry=5000)
        for look in range(1, LIFE + 1):
            with suppress(TimeoutError):
                await asyncio.wait_for(state.stopping.wait(), LOOK_SECONDS)
            if state.stopping.is_set() or not await is_let_in():
                return
            now = await newest()
            if now != known:
                known = now
                yield ServerSentEventMessage(data="", event="changed")
            elif look % SIGN_OF_LIFE == 0:
                yield ServerSentEventMessage(comment="here")
    finally:
        state.streams -= 1
        shares[who] -= 1
        shares += Counter()  # keeps nobody who listens no more
