"""Answering a demand about personal information: everything under the person's address, and erasing what may go."""

from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext, ngettext
from parvis.people.own_keys import Owner, leave_everywhere, same
from parvis.privacy.demand import CODE
from parvis.requests.actors import VERIFIED
from parvis.requests.changing import AlreadyErased
from parvis.requests.contacts import contact_of
from parvis.requests.conversation import note
from parvis.requests.draft_keys import mailed_to
from parvis.requests.history import entries_of
from parvis.requests.person import Theirs, followed_by, forget_around, requests_of
from parvis.requests.records import Record
from parvis.requests.retention import erase
from parvis.web.desk.answering import CASE
from parvis.web.desk.room import Room, case_path, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.requests import Phase

PAGE = f"{CASE}/renseignements"


@get(PAGE)
async def show_holdings(request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Only for those who may know who anybody is: confidential requests of the person are among these."""
    room = Room(request)
    return await show(room, await demand(room, reference))


@post(PAGE)
async def erase_holdings(request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Erase the requests that were ticked, by the rule of each; a note on the demand says which."""
    room = Room(request)
    record = await demand(room, reference)
    sent = (await typed(request)).values
    email = await address_of(record)
    ticked = sent.get("request", [])
    wanted = {ticked} if isinstance(ticked, str) else set(ticked)
    done = [each.record.reference for each in await erasable(room, record, email) if each.record.reference in wanted]
    for one in done:
        try:
            await erase(room.heart, one, actor=room.actor)
        except AlreadyErased:
            continue
    around = 0
    if sent.get("around") == "yes" and email:
        around = await forget_around(room.heart, room.town.code, email)
        await leave_everywhere(room.heart.engine, owner_at(record, email))
    if done or around:
        words = ngettext("%(num)s request erased: %(which)s.", "%(num)s requests erased: %(which)s.", len(done))
        said = words % {"num": len(done), "which": ", ".join(done)} if done else gettext("No request erased.")
        if around:
            said += " " + gettext("Drafts, followings, preferences and letters of the address are gone.")
        await note(room.heart, record.reference, said, actor=room.actor)
    return go(f"{case_path(record.reference)}?fait=note#main")


async def demand(room: Room, reference: str) -> Record:
    record = await room.record(reference, "reveal")
    if record.type != CODE or record.erased_at is not None:
        raise NotFoundException("This request is not about personal information.")
    return record


async def address_of(record: Record) -> str:
    contact = await contact_of(record)
    return same(contact.email) if contact else ""


async def theirs(room: Room, record: Record, email: str) -> list[Theirs]:
    """Everything that was asked with this address, this demand apart."""
    found = await requests_of(room.heart, room.town.code, email) if email else ()
    return [each for each in found if each.record.id != record.id]


async def erasable(room: Room, record: Record, email: str) -> list[Theirs]:
    """What has come to its end; what is under way is first brought there, or nobody could finish it."""
    return [each for each in await theirs(room, record, email) if is_erasable(each)]


def is_erasable(each: Theirs) -> bool:
    return each.record.phase is Phase.CLOSED and each.record.erased_at is None


def owner_at(record: Record, email: str) -> Owner:
    return Owner(jurisdiction=record.jurisdiction, email=email, language=record.language, ends_at=record.updated_at)


async def show(room: Room, record: Record) -> Response[Any]:
    email = await address_of(record)
    first = (await entries_of(record))[0]
    return room.show(
        "desk/holdings.html",
        record=record,
        email=email,
        verified=first.actor == VERIFIED,
        theirs=[(each, is_erasable(each)) for each in await theirs(room, record, email)],
        followed=await followed_by(room.heart, room.town.code, email) if email else (),
        drafts=await mailed_to(room.town.code, email),
        base=case_path(record.reference),
    )


HANDLERS = (show_holdings, erase_holdings)
