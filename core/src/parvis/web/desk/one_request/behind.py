"""The list beside which something was done to a request, so that one comes back to it, with the next one chosen."""

from urllib.parse import parse_qsl, urlencode

from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.done_messages import SAID
from parvis.web.typed import typed

BEHIND = "_liste"  # the hidden field of the forms: the query of the list to which they lead back
DONE_TO = "sur"  # in the address of that list: the request of which it says what was done


async def list_behind(room: DeskContext) -> str:
    """The query of the list beside which a form was sent; empty for a form of the request's own page."""
    return (await typed(room.request)).text(BEHIND)[:2000] if room.request.method == "POST" else ""


def back_to(query: str, reference: str, done: str) -> str:
    """The list again, saying what was done to which request."""
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in (SAID, DONE_TO)]
    return f"{QUEUE}?{urlencode([*pairs, (SAID, done), (DONE_TO, reference)])}#apercu"
