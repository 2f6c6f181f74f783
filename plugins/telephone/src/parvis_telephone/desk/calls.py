"""The calls and letters that the desk owes people: the list for today, and how each one went."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from msgspec import structs

from parvis import clock
from parvis.downloads import saved_as
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Colleagues
from parvis.requests.contacts import contact_of
from parvis.requests.records import Record
from parvis.requests.visibility import sees_contact
from parvis.requests.work.untold import tells
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, unit_name
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.desk.lists.untold import ids_in
from parvis.web.desk.one_request.forms import CASE
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_telephone.calls import (
    RESULTS,
    Call,
    FoundCalls,
    OwedByOwner,
    When,
    call_back,
    calls_for,
    calls_of,
    mark,
    owed_by_owner,
    owed_now,
    together,
)
from parvis_telephone.desk.box import ids_of
from parvis_telephone.printed_letters import letter_pdf, letters_pdf
from parvis_telephone.voice_survey import open_questions

CALLS = "/bureau/appels"
LATER, URGENT, LATE_ONES = "plus-tard", "urgents", "en-retard"
LISTS: dict[str, When] = {LATER: "later", URGENT: "urgent", LATE_ONES: "late"}
MOST_OWNERS = 3  # named beside the number of what is late


def list_of(when: str, unit: str = "", done: str = "") -> str:
    """Where one of the lists is: what is to be done now, urgent, late, or put off."""
    given = {name: value for name, value in (("quand", when), ("unite", unit), ("fait", done)) if value}
    return f"{CALLS}?{urlencode(given)}" if given else CALLS


def list_wanted(sent: FormInput) -> str:
    """The list from which a form was sent."""
    return sent.text("when") if sent.text("when") in LISTS else ""


async def _names(room: DeskContext, holders: Iterable[UUID | None]) -> dict[str, str]:
    """Of those who hold these requests, by id; nothing is asked where nobody does."""
    ids = {str(each) for each in holders if each}
    known = await room.host.of(Colleagues).of(room.host.engine, room.town.code, ids) if ids else ()
    return {one.id: one.name for one in known if one.id in ids}


def _owner(room: DeskContext, names: Mapping[str, str], holder: UUID | None, unit: str) -> str:
    """Who owes a call: the person responsible for its request, else the unit."""
    return names.get(str(holder)) or unit_name(room.town, unit) or gettext("no unit")


@get(CALLS)
async def show_calls(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Who is to be called or written to today, with what to say; as many statements however many there are."""
    room.demand("intake")
    when, unit = request.query_params.get("quand", ""), request.query_params.get("unite", "")
    units = room.town.units_under(unit) or ({unit} if unit else set())
    found = await calls_for(room.host, room.viewer, room.town, LISTS.get(when, "now"), units)
    return await _list(room, found, when, unit, request.query_params.get("fait", ""))


async def _list(
    room: DeskContext, found: FoundCalls, when: str, unit: str, done: str = "", *, status: int = 200
) -> Response[Any]:
    letters = [call for call in found.calls if call.way == "letter"]
    ready = [call for call in letters if is_ready(call)]
    spoken_with = [call.record for call in found.calls if call.way == "phone"]
    return room.show(
        "telephone/calls.html",
        status=status,
        found=found,
        letters=len(letters),
        ready=len(ready),
        their_ids=" ".join(ids_of(call) for call in ready),
        when=when if when in LISTS else "",
        later=when == LATER,
        unit=unit,
        views=[
            (gettext("To do today"), list_of("", unit), when not in LISTS),
            (gettext("Emergencies"), list_of(URGENT, unit), when == URGENT),
            (gettext("Overdue"), list_of(LATE_ONES, unit), when == LATE_ONES),
            (gettext("Postponed"), list_of(LATER, unit), when == LATER),
        ],
        owner_of=partial(_owner, room, await _names(room, (call.record.assignee for call in found.calls))),
        units=[("", gettext("Any")), *room.units_for("intake")],
        done=done,
        questions=await open_questions(room.host, spoken_with),
        ids_of=ids_of,
    )


@post(f"{CASE}/appel")
async def mark_call(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """How a call or a letter went: told, not reached and to be tried again, or given up."""
    record, sent = await room.record(reference), await typed(request)
    if not tells(room.host, room.viewer, record):
        raise PermissionDeniedException("This needs the right 'work' or 'intake' over the request.")
    result = next((each for each in RESULTS if each == sent.text("result")), None)
    ids = ids_in(sent.text("calls"))
    marked = None
    if result is not None:
        marked = await mark(room.host, record.reference, ids, result, sent.text("words"), actor=room.actor)
    done = "deja-appele" if marked is None else "appel"
    if sent.text("from") == "list":
        return go(list_of(list_wanted(sent), sent.text("unit"), done) + "#main")
    return go(case_path(record.reference) + f"?fait={done}#main")


@get(f"{CASE}/lettre")
async def show_letter(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """The letter that is owed, in the person's language; there is none where none is owed."""
    letter = await _letter(room, await room.record(reference))
    return room.show("telephone/letter.html", record=letter.record, letter=letter, not_made=False)


@get(f"{CASE}/lettre.pdf")
async def save_letter(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """The same as a PDF, to be printed and posted."""
    letter = await _letter(room, await room.record(reference))
    made = await letter_pdf(room.town, letter)
    if made is None:
        return room.show("telephone/letter.html", status=409, record=letter.record, letter=letter, not_made=True)
    return Response(made, media_type="application/pdf", headers=saved_as(f"lettre-{letter.record.reference}.pdf"))


async def _letter(room: DeskContext, record: Record) -> Call:
    """The letter that is owed about a request, with whom it is for where the viewer may know it."""
    calls = await calls_of(room.host, record, room.viewer) if tells(room.host, room.viewer, record) else ()
    letter = next((call for call in calls if call.way == "letter"), None)
    if letter is None:
        raise NotFoundException("No letter is owed about this request.")
    person = await contact_of(record) if sees_contact(room.viewer, record, room.host.jurisdictions) else None
    return structs.replace(letter, contact=person)


@post(f"{CALLS}/lettres.pdf", status_code=200)
async def print_letters(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The letters that stood on the list and have an address, as one PDF."""
    room.demand("intake")
    found, ready, unit = await _listed(room, await typed(request))
    if not ready:
        return go(list_of("", unit, "deja-appele") + "#main")
    made = await letters_pdf(room.town, ready)
    if made is None:
        return await _list(room, found, "", unit, "non-imprimees", status=409)
    day = local_day(room.town.calendar, clock.now()).isoformat()
    return Response(made, media_type="application/pdf", headers=saved_as(f"lettres-{day}.pdf"))


@post(f"{CALLS}/lettres")
async def mark_letters(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The letters that were printed together are posted: one entry in the story of each request."""
    room.demand("intake")
    _, ready, unit = await _listed(room, await typed(request))
    for call in ready:
        ids = [one.id for one in call.owed]
        await mark(room.host, call.record.reference, ids, "told", actor=room.actor)
    return go(list_of("", unit, "lettres" if ready else "deja-appele") + "#main")


async def _listed(room: DeskContext, sent: FormInput) -> tuple[FoundCalls, list[Call], str]:
    """What is on the list now; of it the letters that were there when the page was shown, with what they told then."""
    found = await calls_for(room.host, room.viewer, room.town)
    shown = set(ids_in(sent.text("calls")))
    ready = []
    for call in found.calls:
        owed = tuple(one for one in call.owed if one.id in shown)
        if owed and is_ready(call) and tells(room.host, room.viewer, call.record):
            ready.append(structs.replace(call, owed=owed))
    return found, ready, sent.text("unit")


def is_ready(call: Call) -> bool:
    """Whether a letter can go out with the others: somebody, at an address that the viewer may know."""
    return call.way == "letter" and call.contact is not None and bool(call.contact.postal_address)


@post(f"{CASE}/rappel")
async def want_call(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The person asks to be called back: a call is owed, with what it is about."""
    record, sent = await room.record(reference), await typed(request)
    if not tells(room.host, room.viewer, record):
        raise PermissionDeniedException("This needs the right 'work' or 'intake' over the request.")
    wanted = await call_back(room.host, record.reference, sent.text("words"), actor=room.actor)
    return go(case_path(record.reference) + f"?fait={'rappel' if wanted else 'sans-telephone'}#main")


LINK = PageLink(
    slot="desk.menu",
    path=CALLS,
    guide="docs/calls-and-letters#calls-to-make",
    after="/bureau/pour-moi",
    text=lambda: gettext("Calls to make"),
    right="intake",
    icon="phone",
    waiting=lambda room: owed_now(room.host, room.viewer, room.town),
)


async def late_list(room: DeskContext, title: str, owed: Iterable[OwedByOwner]) -> StalledList:
    """Those that were to be made by a moment that has passed, and who owes them."""
    groups = [each for each in owed if each.late.requests]
    names = await _names(room, (each.holder for each in groups))
    late = Counter[str]()
    for each in groups:
        late[_owner(room, names, each.holder, each.unit)] += each.late.requests
    most = sorted(late.items(), key=lambda owner: (-owner[1], owner[0]))[:MOST_OWNERS]
    owners = [f"{name} ({count})" for name, count in most]
    owners += ["…"] if len(late) > MOST_OWNERS else []
    meaning = gettext("Calls and letters that are past their due date.")
    if owners:
        meaning = gettext("Assigned to: %(owners)s") % {"owners": ", ".join(owners)}
    found = together(each.late for each in groups)
    return StalledList(title=title, meaning=meaning, href=list_of(LATE_ONES), found=found)


async def late_calls(room: DeskContext) -> tuple[StalledList, ...]:
    """The same among what is stalled."""
    owed = await owed_by_owner(room.host, room.viewer, room.town)
    return (await late_list(room, gettext("Calls and letters"), owed),)


LATE = StalledSource(name="calls", title=lambda: gettext("Calls and letters"), right="intake", find=late_calls)
