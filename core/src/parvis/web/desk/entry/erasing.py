"""Answering a demand about personal information: everything under the person's address, and erasing what may go."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from parvis.i18n import gettext, ngettext
from parvis.people.own_keys import Owner, leave_everywhere, same
from parvis.privacy.demand import CODE
from parvis.requests.actors import VERIFIED
from parvis.requests.changing import AlreadyErased
from parvis.requests.drafting.draft_keys import mailed_to
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.persons.contacts import contact_of
from parvis.requests.persons.person import Theirs, followed_by, forget_around, requests_of
from parvis.requests.records import Record
from parvis.requests.work.conversation import note
from parvis.web.desk.one_request.actions import SHORTEST_REASON
from parvis.web.desk.one_request.answering import CASE, words_in, wrong
from parvis.web.desk.room import Room, case_path, go
from parvis.web.pages import AnyRequest
from parvis.web.typed import Typed, typed
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase

PAGE = f"{CASE}/renseignements"
Listing = Callable[[Record], bool]


@get(PAGE)
async def show_holdings(request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """What is under the address, as far as the person may see it and know who asked."""
    room = Room(request)
    record = await demand(room, reference)
    return await show(room, record, mine(room))


@post(PAGE, status_code=200)
async def work_on_holdings(request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """List everything, for a reason that is written down before; or erase what was ticked."""
    room = Room(request)
    record, sent = await demand(room, reference), await typed(request)
    if not sent.text("_all"):
        return await _erase(room, record, sent)
    if not room.may("privacy", record):
        raise PermissionDeniedException("This needs the right 'privacy' over the request.")
    reason = words_in(sent, "reason")
    if len(reason) < SHORTEST_REASON:
        words = gettext("Write why everything under this address is needed.")
        return await show(room, record, mine(room), problems=wrong("all-reason", words))
    said = gettext("Everything under the address was listed. Why: %(reason)s") % {"reason": reason}
    await note(room.heart, record.reference, said, actor=room.actor)
    return await show(room, await demand(room, reference), in_charge(room), everything=True)


async def _erase(room: Room, record: Record, sent: Typed) -> Response[Any]:
    """By the rule of each; the note names what is of the demand's own unit, for its readers may know of no other."""
    email = await address_of(record)
    wanted = set(sent.all("request"))
    can_go = [each for each in await theirs(room, record, email, in_charge(room)) if is_erasable(each)]
    done = [each.record for each in can_go if each.record.reference in wanted]
    for one in done:
        try:
            await erase(room.heart, one.reference, actor=room.actor)
        except AlreadyErased:
            continue
    around = sent.text("around") == "yes" and bool(email)
    if around:
        await forget_around(room.heart, room.town.code, email)
        await leave_everywhere(room.heart.engine, owner_at(record, email))
    units = room.town.units_under(record.unit) if record.unit else None
    told = [one.reference for one in done if not one.kept_from and (units is None or one.unit in units)]
    if done or around:
        words = ngettext("%(num)s request erased: %(which)s.", "%(num)s requests erased: %(which)s.", len(told))
        said = [words % {"num": len(told), "which": ", ".join(told)}] if told else []
        if around:
            said.append(gettext("Drafts, followings, preferences and letters of the address are gone."))
        said.append(gettext("The register of destruction holds everything that was erased."))
        await note(room.heart, record.reference, " ".join(said), actor=room.actor)
    return go(f"{case_path(record.reference)}?fait=note#main")


async def demand(room: Room, reference: str) -> Record:
    record = await room.record(reference)
    if not (room.may("reveal", record) or room.may("privacy", record)):
        raise PermissionDeniedException("This needs the right 'reveal' or 'privacy' over the request.")
    if record.type != CODE or record.erased_at is not None:
        raise NotFoundException("This request is not about personal information.")
    return record


def mine(room: Room) -> Listing:
    """What somebody may see, and whose requester they may know: a confidential one by the right to reveal."""
    return lambda record: (
        room.may("see", record) and room.may("reveal" if record.identity == "confidential" else "contacts", record)
    )


def in_charge(room: Room) -> Listing:
    """The same, and what the person in charge of privacy answers for; never what is kept from them."""
    own = mine(room)
    return lambda record: own(record) or room.may("privacy", record)


async def address_of(record: Record) -> str:
    contact = await contact_of(record)
    return same(contact.email) if contact else ""


async def theirs(room: Room, record: Record, email: str, listing: Listing) -> list[Theirs]:
    """What was asked with this address, as far as it is for this listing; this demand apart."""
    found = await requests_of(room.heart, room.town.code, email) if email else ()
    return [each for each in found if each.record.id != record.id and listing(each.record)]


def is_erasable(each: Theirs) -> bool:
    """Whether it has come to its end; what is under way is first brought there, or nobody could finish it."""
    return each.record.phase is Phase.CLOSED and each.record.erased_at is None


def owner_at(record: Record, email: str) -> Owner:
    return Owner(jurisdiction=record.jurisdiction, email=email, language=record.language, ends_at=record.updated_at)


async def show(
    room: Room, record: Record, listing: Listing, *, everything: bool = False, problems: Problems | None = None
) -> Response[Any]:
    email = await address_of(record)
    first = (await entries_of(record))[0]
    found = await theirs(room, record, email, listing)
    for each in found:
        room.looks(each.record, "demand")
    return room.show(
        "desk/holdings.html",
        status=422 if problems else 200,
        record=record,
        email=email,
        verified=first.actor == VERIFIED,
        theirs=[(each, is_erasable(each)) for each in found],
        everything=everything,
        may_list=room.may("privacy", record),
        problems=problems,
        followed=await followed_by(room.heart, room.town.code, email) if email else (),
        drafts=await mailed_to(room.town.code, email),
        base=case_path(record.reference),
    )


HANDLERS = (show_holdings, work_on_holdings)
