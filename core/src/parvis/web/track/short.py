"""The short links of text messages: they lead to the private view of a request, or to the page that stops messages."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from parvis.requests.links import SHORT, STOP
from parvis.requests.references import LENGTH
from parvis.web.addresses import address
from parvis.web.portal.visit import see_other, visit
from parvis.web.track.entrance import not_here
from parvis.web.track.keys import key_cookies, opened_by

AnyRequest = Request[Any, Any, Any]


@get(f"/{SHORT}/{{token:str}}", name="short")
async def to_request(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """To the request, in the language in which its messages are written."""
    return await lead(request, token)


@get(f"/{SHORT}/{{token:str}}/{STOP}", name="short-stop")
async def to_stop(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """To the page with the button: opening it changes nothing."""
    return await lead(request, token, ":messages")


async def lead(request: AnyRequest, token: str, *more: str) -> Response[Any]:
    here = visit(request)
    reference, key = token[: LENGTH + 1], token[LENGTH + 1 :]
    record = await opened_by(here, reference, key)
    if record is None:
        raise not_here()
    language = record.language if record.language in here.town.languages else here.language
    answer = see_other(address(language, ":track", record.reference, *more), *key_cookies(here, record.reference, key))
    answer.headers["referrer-policy"] = "no-referrer"
    return answer
