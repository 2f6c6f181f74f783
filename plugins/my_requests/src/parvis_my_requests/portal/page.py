"""Somebody’s own page: what one asked, follows and began, and how one wants to be written to."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath
from msgspec import Struct, structs

from parvis.i18n import say
from parvis.people.one_time_links import same
from parvis.people.sessions import digest_of
from parvis.privacy.data_request import CODE as DATA_REQUEST
from parvis.requests.amendments import change_contact
from parvis.requests.changing import Conflict
from parvis.requests.contacts import channels_of, contact_of
from parvis.requests.device_keys import device_key, end_lent
from parvis.requests.drafting import key_for, mailed_to
from parvis.requests.offered import type_of
from parvis.requests.persons import followers
from parvis.requests.persons.person import (
    Wishes,
    followed_by,
    keep_wishes,
    requests_of,
    wishes_of,
)
from parvis.requests.records import Record, find
from parvis.requests.records import get as get_record
from parvis.web.addresses import address, in_each, patterns
from parvis.web.pages import render
from parvis.web.portal.drafting import shelf_in
from parvis.web.portal.visit import AtPortal, Visit, see_other
from parvis.web.track.keys import PROVED, key_cookies
from parvis.web.typed import typed
from parvis_my_requests.addresses import own
from parvis_my_requests.portal.session import TO_ENTRANCE, NotOpen, cookies, owner_or_out, token_in
from parvis_my_requests.sessions import Owner, leave, leave_everywhere
from parvis_my_requests.taking_part import taking_part
from parvis_sdk.contact_methods import ContactMethod, method_of
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

AnyRequest = Request[Any, Any, Any]


class MailedDraft(Struct, frozen=True, kw_only=True):
    """A draft as the page lists it, by a name that opens nothing."""

    name: str
    title: Text
    at: datetime
    kept_until: datetime


async def mailed_here(here: Visit, owner: Owner, shown: set[str]) -> list[MailedDraft]:
    """Those whose service is still offered, but for those that are `shown` already as begun on this device."""
    found: list[MailedDraft] = []
    if shelf_in(here) is None:  # nothing here goes on with a draft
        return found
    for draft in await mailed_to(here.town.code, owner.email):
        request_type = type_of(here.host, here.town, draft.type)
        if request_type is not None and draft.holder not in shown:
            found.append(
                MailedDraft(
                    name=draft.holder, title=request_type.title, at=draft.updated_at, kept_until=draft.kept_until
                )
            )
    return found


@post(patterns(*own(":draft")), name="own-draft", status_code=200, exception_handlers=TO_ENTRANCE)
async def open_draft(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """As if by its private link: one press goes on with it here, the other asks first and erases it."""
    owner = await owner_or_out(here)
    sent = await typed(request)
    theirs = await mailed_to(here.town.code, owner.email)
    draft = next((each for each in theirs if each.holder == sent.text("draft")), None)
    shelf = shelf_in(here)
    if draft is None or shelf is None:  # sent or erased meanwhile, or nothing goes on with drafts any more
        return see_other(address(here.language, *own()))
    token = await key_for(here.host, draft, owner.email)
    if sent.text("do") == "resume":
        return await shelf.taken_up(here, token, "resume")
    return see_other(address(here.language, ":draft", token))


async def show_own(here: Visit, owner: Owner) -> Response[Any]:
    theirs = await requests_of(here.host, here.town.code, owner.email)
    wishes = await wishes_of(here.town.code, owner.email, owner.language)
    shelf = shelf_in(here)
    drafts = await shelf.held(here) if shelf else ()
    return render(
        here.request,
        "my_requests/page.html",
        owner=owner,
        drafts=drafts,
        shelf=shelf,
        mailed=await mailed_here(here, owner, {each.holder for each in drafts}),
        standing=[each for each in theirs if each.record.phase is not Phase.CLOSED],
        closed=[each for each in theirs if each.record.phase is Phase.CLOSED],
        taking_part=await taking_part(here.host, here.town.code, owner.email),
        followed=await followed_by(here.host, here.town.code, owner.email),
        wishes=wishes,
        ways=[(each.name, say(each.title)) for each in offered(here)],
        done=here.request.query_params.get("fait", ""),
        can_ask=type_of(here.host, here.town, DATA_REQUEST) is not None,
        own=lambda *more: address(here.language, *own(*more)),
        begin=address(here.language),
        headers={"x-robots-tag": "noindex, nofollow"},
        alternates=in_each(here.town.languages, *own()),
        keep=False,
    )


def offered(here: Visit) -> tuple[ContactMethod, ...]:
    """The contact methods that somebody may wish for all that is under way: those that something carries here."""
    carried = channels_of(here.host, here.town)
    able = (each for each in here.contact_methods if each.by_hand or each.name in carried)
    return tuple(each for each in able if each.offered_to == "everyone")


@get(patterns(*own(":open", "{reference:str}")), name="own-request", exception_handlers=TO_ENTRANCE)
async def open_request(here: AtPortal, reference: FromPath[str]) -> Response[Any]:
    """The private view of one of their requests, opened by its key as if by its own link."""
    record, key = await theirs(here, await owner_or_out(here), reference)
    at = address(here.language, ":track", record.reference)
    return see_other(at, *key_cookies(here, record.reference, key, PROVED.days))


async def theirs(here: Visit, owner: Owner, reference: str) -> tuple[Record, str]:
    """The request with the key that is theirs: of its requester, for a day, or their own where they were let in."""
    record = await find(here.host, reference)
    if record is None or record.jurisdiction != here.town.code:
        raise NotOpen
    contact = await contact_of(record)
    if contact is not None and same(contact.email) == owner.email:
        return record, device_key(here.host, record, "view", PROVED, lent_by=digest_of(token_in(here)))
    parts = await taking_part(here.host, here.town.code, owner.email)
    party = next((each.party for each in parts if each.record.id == record.id), None)
    if party is None:
        raise NotOpen
    return record, device_key(here.host, record, "view", PROVED, party=party, lent_by=digest_of(token_in(here)))


@post(patterns(*own(":stop")), name="own-stop", status_code=200, exception_handlers=TO_ENTRANCE)
async def stop_following(here: AtPortal, request: AnyRequest) -> Response[Any]:
    owner = await owner_or_out(here)
    token = (await typed(request)).text("token")[:200]
    named = token.partition(".")[0]  # what follows it is dated, and another one an hour later
    for each in await followed_by(here.host, here.town.code, owner.email):
        if each.token.partition(".")[0] == named:
            await followers.stop(here.host, each.token)
    return done(here, "suivi")


def done(here: Visit, what: str) -> Response[Any]:
    return see_other(f"{address(here.language, *own(), fait=what)}#main")


@post(patterns(*own(":preferences")), name="own-preferences", status_code=200, exception_handlers=TO_ENTRANCE)
async def keep_preferences(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """From now on, and for what is still open: the language, the way, and whether to be asked how it went."""
    owner = await owner_or_out(here)
    sent = await typed(request)
    language, way = sent.text("language") or here.language, sent.text("way")
    if language not in here.town.languages or (way and method_of(way, offered(here)) is None):
        raise ClientException("The town does not write in that way.")
    wishes = Wishes(language=language, questions=sent.text("questions") == "yes")
    await keep_wishes(here.host, here.town.code, owner.email, wishes)
    for each in await requests_of(here.host, here.town.code, owner.email):
        if each.record.phase is not Phase.CLOSED:
            await apply(here, each.record, language, way)
    return done(here, "preferences")


async def apply(here: Visit, record: Record, language: str, way: str) -> None:
    """On one open request, where it changes anything; nobody is called who left no number.

    What somebody writes about the person at the same moment stays: the wishes are then put upon that.
    """
    contact = await contact_of(record)
    if contact is None:
        return
    method = method_of(way, offered(here))
    preferred = way if method and method.reaches(contact) else contact.preferred_channel
    if (preferred, language) != (contact.preferred_channel, record.language):
        kept = structs.replace(contact, preferred_channel=preferred)
        changed = await change_contact(here.host, record.reference, kept, language, expected=record.version)
        if isinstance(changed, Conflict):
            await apply(here, await get_record(here.host, record.id), language, way)


@post(patterns(*own(":leave")), name="own-leave", status_code=200, exception_handlers=TO_ENTRANCE)
async def leave_page(here: AtPortal, request: AnyRequest) -> Response[Any]:
    """End this session, or all of them and the links that wait; requests that it opened are closed with it."""
    owner = await owner_or_out(here)
    if (await typed(request)).text("everywhere") == "yes":
        ended = await leave_everywhere(here.host.engine, owner)
    else:
        ended = await leave(here.host.engine, token_in(here))
    for session in ended:
        await end_lent(here.host.engine, session)
    return see_other(address(here.language, *own(), quitte="1"), *cookies(here, ""))
