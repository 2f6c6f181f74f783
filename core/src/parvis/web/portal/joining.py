"""Following a request that another person made: those like one's own nearby, the links that confirm and stop."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.declarations import type_of_record
from parvis.requests.links import LINK_LASTS
from parvis.requests.lists.nearby import Similar, similar_open
from parvis.requests.persons import followers
from parvis.requests.places import pointed_at
from parvis.requests.records import get as record_of_id
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.panels import PagePanel, drawn
from parvis.web.places import SlotItem
from parvis.web.portal.drafting import FormDraft, part_of
from parvis.web.portal.public import public_record
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.security import is_one_click
from parvis.web.typed import typed
from parvis_sdk.fields import Email
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]
EMAIL = Email(code="email", label=Text(fr="Votre courriel", en="Your email"), autocomplete="email")
ASKS = 20
ASK_WINDOW = timedelta(hours=1)
PATIENCE = 1.5  # seconds that a person waits for similar requests
Act = Callable[[Visit, str], Awaitable[object]]
LOOKING: set["asyncio.Future[tuple[Similar, ...]]"] = set()
log = structlog.get_logger("parvis.portal.joining")


class FollowerAct(SlotItem, frozen=True, kw_only=True):
    """What a follower may do on the page of their link beside confirming and stopping: `name` is what the button sends.

    `act` is given the link; it answers None where it is no good, or where nothing of the kind is asked of its person.
    """

    act: Act


async def _confirm(here: Visit, token: str) -> object:
    return await followers.confirm(here.host, token)


async def _stop(here: Visit, token: str) -> object:
    return await followers.stop(here.host, token)


OWN_ACTS: dict[str, Act] = {"confirm": _confirm, "stop": _stop}


async def similar_here(work: FormDraft) -> Sequence[Similar]:
    """Open requests of this kind around the place of a draft; none when they cannot be had at once.

    What others reported is a courtesy: nobody is kept from reporting because it does not come.
    """
    place = pointed_at(work.here.town, work.request_type, read) if isinstance(read := place_of(work), Place) else None
    if not isinstance(place, Place) or place.lon is None or place.lat is None:
        return ()
    looking = asyncio.ensure_future(
        similar_open(work.here.host, work.here.town, work.request_type, place.lon, place.lat)
    )
    # Left to end by itself when it takes too long: a query that is cut off would cost a connection.
    LOOKING.add(looking)
    looking.add_done_callback(looked)
    await asyncio.wait({looking}, timeout=PATIENCE)
    return looking.result() if looking.done() and looking.exception() is None else ()


def looked(looking: "asyncio.Future[tuple[Similar, ...]]") -> None:
    LOOKING.discard(looking)
    if not looking.cancelled() and (trouble := looking.exception()) is not None:
        log.warning("similar", trouble=type(trouble).__name__)


def place_of(work: FormDraft) -> Place | Problem | None:
    return work.request_type.place.read(place) if (place := part_of(work.raw, "place")) else None


def show_found(work: FormDraft, found: Sequence[Similar]) -> Response[Any]:
    """Requests that others made about what may be the same thing: each may be followed by one press."""
    here: Visit = work.here
    given = part_of(work.raw, "requester").get("email")
    return render(
        here.request,
        "portal/similar.html",
        request_type=work.request_type,
        found=found,
        place=place_of(work),
        email=given if isinstance(given, str) else "",
        follow_of=lambda reference: address(here.language, ":follow", reference),
        page_of=lambda reference: address(here.language, ":public", reference),
        go_on=work.at(":similar"),
        draft=work.token,
        back=work.at(),
        alternates={language: work.at(":similar", language=language) for language in here.town.languages},
        keep=False,
    )


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
    if not await take_try(here.host.engine, key_of("follow", caller_of(request)), ASKS, ASK_WINDOW):
        raise TooManyRequestsException("Too many requests came from this address within the hour.")
    await followers.follow(here.host, record.reference, str(email), here.language)
    return see_other(address(here.language, ":follow", record.reference, sent="1"))


async def show_ask(here: Visit, reference: str, problems: Problems | None = None, email: str = "") -> Response[Any]:
    record = await public_record(here, reference)
    request_type = await type_of_record(here.host, record)
    return render(
        here.request,
        "portal/follow.html",
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


@get(patterns(":following", "{token:str}"), name="following")
async def following(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Where the link of a message leads. Nothing happens by opening it: mail scanners open links too."""
    found = await followers.following(here.host, token)
    if found is None:
        raise NotFoundException("This link is not valid.")
    record = await record_of_id(here.host, found.request)
    if record.jurisdiction != here.town.code:
        raise NotFoundException("This link is for another town.")
    request_type = await type_of_record(here.host, record)
    is_over, sent = ends(found), request.query_params.get("envoye") == "1"
    return render(
        request,
        "portal/following.html",
        status=404 if is_over and not sent else 200,
        found=found,
        is_over=is_over,
        days=LINK_LASTS.days,
        sent=sent,
        record=record,
        title=request_type.title,
        boxes=await drawn(here.nouns(PagePanel, "portal.following"), here, found, lambda right: False),
        page_of=address(here.language, ":public", record.reference),
        alternates=in_each(here.town.languages, ":following", token),
        keep=False,
    )


@post(patterns(":following", "{token:str}"), name="following-change", status_code=200)
async def change_following(here: AtPortal, request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    if await is_one_click(request):
        if await followers.stop(here.host, token) is None:
            raise NotFoundException("This link is not valid.")
        return Response("", media_type="text/plain")
    sent = await typed(request)
    if sent.text("do") == "renew":
        return await _renew(here, token)
    asked = {each.name: each.act for each in here.nouns(FollowerAct, "portal.following")}
    act = (asked | OWN_ACTS).get(sent.text("do"))
    if act is None or await act(here, token) is None:
        raise NotFoundException("This link is not valid.")
    return see_other(address(here.language, ":following", token))


async def _renew(here: Visit, token: str) -> Response[Any]:
    """Another link to the address that this one was sent to, and to no other."""
    found = await followers.following(here.host, token)
    record = await record_of_id(here.host, found.request) if found and ends(found) else None
    if found is None or record is None or record.jurisdiction != here.town.code:
        raise NotFoundException("This link is not valid.")
    if not await take_try(here.host.engine, key_of("follow", caller_of(here.request)), ASKS, ASK_WINDOW):
        raise TooManyRequestsException("Too many requests came from this address within the hour.")
    await followers.renew(here.host, found)
    return see_other(address(here.language, ":following", token, envoye="1"))


def ends(found: followers.FollowerState) -> bool:
    """Whether a link does nothing any more: it has expired, or is an older one that only confirms."""
    return found.link == "over" or (found.link == "stops" and found.state == "asked")
