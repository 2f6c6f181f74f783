"""Following a request that another person made: how a town offers it, and the link of each letter, which stops it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.declarations import type_of_record
from parvis.requests.links import LINK_LASTS
from parvis.requests.lists.nearby import Similar
from parvis.requests.persons import followers
from parvis.requests.records import get as record_of_id
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.panels import PagePanel, drawn
from parvis.web.places import SlotItem
from parvis.web.portal.drafting import FormDraft
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.security import is_one_click
from parvis.web.typed import typed

AnyRequest = Request[Any, Any, Any]
ASKS = 20
ASK_WINDOW = timedelta(hours=1)
Act = Callable[[Visit, str], Awaitable[object]]


class FollowerAct(SlotItem, frozen=True, kw_only=True):
    """What a follower may do on the page of their link beside stopping: `name` is what the button sends.

    `act` is given the link; it answers None where it is no good, or where nothing of the kind is asked of its person.
    """

    act: Act


class FollowOffer(SlotItem, frozen=True, kw_only=True):
    """How a town offers to follow a request of somebody else, in the slot `portal.follow`; without one it does not.

    `address_of` leads to it, by a language and a reference. `similar` are requests about what may be the same thing as
    a form, near its place, which `show` lists between the place and the questions.
    """

    address_of: Callable[[str, str], str]
    similar: Callable[[FormDraft], Awaitable[Sequence[Similar]]]
    show: Callable[[FormDraft, Sequence[Similar]], Response[Any]]


async def _stop(here: Visit, token: str) -> object:
    return await followers.stop(here.host, token)


OWN_ACTS: dict[str, Act] = {"stop": _stop}


def follow_offer(here: Visit) -> FollowOffer | None:
    """How this town offers to follow, where it does."""
    return next(iter(here.nouns(FollowOffer, "portal.follow")), None)


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
