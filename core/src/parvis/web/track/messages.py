"""The page that stops messages about a request, and the short links of text messages that lead to it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery

from parvis.requests.amendments import stop
from parvis.requests.contacts import wants_messages
from parvis.requests.declarations import type_of_record
from parvis.requests.links import ONLY, SHORT, STOP, has_right, key_with
from parvis.requests.records import Record, find
from parvis.requests.references import LENGTH
from parvis.web.addresses import address, patterns
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.security import is_one_click
from parvis.web.track.actions import show_form
from parvis.web.track.entrance import not_here
from parvis.web.track.keys import ANSWERS, MOST_KEY, TrackedRequest, held_or_redirect, key_cookies, no_longer, opened_by
from parvis.web.typed import typed

AnyRequest = Request[Any, Any, Any]


@get(patterns(":track", "{reference:str}", ":messages"), name="messages-page")
async def messages_page(
    here: AtPortal, reference: FromPath[str], cle: FromQuery[str] = "", jeton: FromQuery[str] = ""
) -> Response[Any]:
    """One button to stop messages or to have them again; opening the page changes nothing."""
    if cle:  # an older link, with a key that opens everything: only the right to stop messages is taken from it
        record = await find(here.host, reference)
        only = await key_for_messages(here, record, cle) if record else ""
        if record is None or not only:
            raise no_longer(reference, cle)
        answer = see_other(address(here.language, ":track", record.reference, ":messages", jeton=only))
        answer.headers["referrer-policy"] = "no-referrer"
        return answer
    found = await _found(here, reference, jeton)
    query = {ONLY: jeton} if jeton else {}
    wanted = await wants_messages(found.record)
    return await show_form(here, found, "track/messages.html", (), {}, None, (":messages",), query, wanted=wanted)


@post(patterns(":track", "{reference:str}", ":messages"), name="messages", status_code=200)
async def change_messages(
    here: AtPortal, request: AnyRequest, reference: FromPath[str], jeton: FromQuery[str] = ""
) -> Response[Any]:
    """By the button; or by the mail program of the person, which sends one word and no cookie (RFC 8058)."""
    if await is_one_click(request):
        record = await find(here.host, reference)
        given = jeton or request.query_params.get("cle", "")
        if record is None or not await key_for_messages(here, record, given):
            raise not_here()
        await stop(here.host, record.reference)
        return Response("", media_type="text/plain")
    found = await _found(here, reference, jeton)
    sent = await typed(request)
    await stop(here.host, found.record.reference, stopped=sent.text("do") != "resume")
    query = {ONLY: jeton} if jeton else {}
    return see_other(address(here.language, ":track", found.record.reference, ":messages", **query))


async def key_for_messages(here: Visit, record: Record, key: str) -> str:
    """The key that stops messages: this one, or one made from a key that opens the request; empty for any other."""
    if record.jurisdiction != here.town.code:
        return ""
    if has_right(here.host, record, "messages", key[:MOST_KEY]):
        return key[:MOST_KEY]
    opened = await opened_by(here, record.reference, key)
    if opened is None or opened.party is not None:
        return ""
    return key_with(here.host, record, "messages", lasts=ANSWERS)


async def _found(here: Visit, reference: str, only: str) -> TrackedRequest:
    record = await find(here.host, reference) if only else None
    if record is None:
        return await held_or_redirect(here, reference)
    if record.jurisdiction != here.town.code or not has_right(here.host, record, "messages", only[:MOST_KEY]):
        raise no_longer(reference, only)
    return TrackedRequest(record=record, request_type=await type_of_record(here.host, record), answers_only=True)


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
    record = await find(here.host, reference)
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
