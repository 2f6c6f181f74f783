"""The page of a request's followers: one box for an address, to which a link that confirms is sent."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath

from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.declarations import type_of_record
from parvis.requests.persons.followers import follow
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal import joining
from parvis.web.portal.public import public_record
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.typed import typed
from parvis_sdk.fields import Email
from parvis_sdk.problems import Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
EMAIL = Email(code="email", label=Text(fr="Votre courriel", en="Your email"), autocomplete="email")


@get(patterns(":follow", "{reference:str}"), name="follow")
async def ask(here: AtPortal, reference: FromPath[str]) -> Response[Any]:
    """One box: the address to write to."""
    return await show_ask(here, reference)


@post(patterns(":follow", "{reference:str}"), name="follow-ask", status_code=200)
async def asked(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Takes the address and sends a link to it; the answer is the same whether or not it follows already."""
    record = await public_record(here, reference)
    sent = await typed(request)
    email = read_value(EMAIL, sent.text("email"), "email", Reading(), {})
    if isinstance(email, Problems):
        return await show_ask(here, reference, email, sent.text("email"))
    # One measure with the links that are sent again: both write to an address that anybody may name.
    if not await take_try(here.host.engine, key_of("follow", caller_of(request)), joining.ASKS, joining.ASK_WINDOW):
        raise TooManyRequestsException("Too many requests came from this address within the hour.")
    await follow(here.host, record.reference, str(email), here.language)
    return see_other(address(here.language, ":follow", record.reference, sent="1"))


async def show_ask(here: Visit, reference: str, problems: Problems | None = None, email: str = "") -> Response[Any]:
    record = await public_record(here, reference)
    request_type = await type_of_record(here.host, record)
    return render(
        here.request,
        "following/follow.html",
        status=422 if problems else 200,
        record=record,
        title=request_type.title,
        field=EMAIL,
        values={"email": email},
        problems=problems,
        sent=here.request.query_params.get("sent") == "1",
        page_of=address(here.language, ":public", record.reference),
        alternates=in_each(here.town.languages, ":follow", record.reference),
        keep=False,
    )
