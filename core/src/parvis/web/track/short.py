"""The short links of text messages: they lead to the private view of a request, or to the page that stops messages."""

from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.params import FromPath

from parvis.requests.links import ONLY, SHORT, STOP
from parvis.requests.records import Record, find
from parvis.requests.references import LENGTH
from parvis.web.addresses import address
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import key_cookies, no_longer, opened_by
from parvis.web.track.silence import key_for_messages

AnyRequest = Request[Any, Any, Any]


@get(f"/{SHORT}/{{token:str}}", name="short")
async def to_request(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """To the request, in the language in which its messages are written."""
    opened = await opened_by(here, token[: LENGTH + 1], token[LENGTH + 1 :])
    if opened is None:
        raise no_longer(token[: LENGTH + 1], token[LENGTH + 1 :])
    return lead(here, opened.record, *key_cookies(here, opened.record.reference, opened.key))


@get(f"/{SHORT}/{{token:str}}/{STOP}", name="short-stop")
async def to_stop(here: AtPortal, token: FromPath[str]) -> Response[Any]:
    """To the page with the button: opening it changes nothing."""
    reference, key = token[: LENGTH + 1], token[LENGTH + 1 :]
    record = await find(here.heart, reference)
    only = await key_for_messages(here, record, key) if record else ""
    if record is None or not only:
        raise no_longer(reference, key)
    return lead(here, record, more=(":messages",), query={ONLY: only})


def lead(
    here: Visit, record: Record, *cookies: Cookie, more: tuple[str, ...] = (), query: dict[str, str] | None = None
) -> Response[Any]:
    language = record.language if record.language in here.town.languages else here.language
    answer = see_other(address(language, ":track", record.reference, *more, **(query or {})), *cookies)
    answer.headers["referrer-policy"] = "no-referrer"
    return answer
