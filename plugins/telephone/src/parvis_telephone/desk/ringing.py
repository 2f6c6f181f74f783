"""While the page for callers is open: a stream that announces calls ringing at that agent's extension."""

from functools import partial
from typing import Any

from litestar import Response, get

from parvis.web.desk.context import AtDesk, go
from parvis.web.live_news import live_news
from parvis.web.pages import AnyRequest
from parvis_telephone.announced_calls import ringing

LIVE_CALLS = "/bureau/nouvelle/appels"


@get(LIVE_CALLS, opt={"uncompressed": True})
async def live_calls(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """A stream that says "changed" when a call starts or stops ringing at this agent; nothing about the caller."""
    room.demand("intake")
    if "text/event-stream" not in request.headers.get("accept", ""):
        return go("/bureau/nouvelle")  # somebody opened the address itself
    return live_news(request, partial(ringing, room.town, room.person.id))
