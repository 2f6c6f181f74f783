"""Opening a request and its files, giving it to a unit or a person, and learning who a confidential person is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Stream

from parvis import i18n
from parvis.i18n import gettext
from parvis.people.agents import Person, agents
from parvis.requests.access_log import SHORTEST_REASON, with_reveals
from parvis.requests.amendments import assign, reveal
from parvis.requests.attached.attachments import kept
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.differing import before, weigh
from parvis.requests.parties import end_access
from parvis.requests.records import Record, find
from parvis.requests.records import get as get_record
from parvis.requests.timeline import files_unseen
from parvis.requests.undoing import undo
from parvis.requests.visibility import sees, sees_audience
from parvis.requests.work.presence import Presence
from parvis.viewers import can_work, taking_refused
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, unit_name
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.differing import beside
from parvis.web.desk.one_request.forms import CASE, version_in, words_in, wrong
from parvis.web.desk.one_request.showing import FormAttempt, show_case
from parvis.web.downloads import SAVING, SMALL, handed_out
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.people import people_panel
from parvis.web.typed import typed
from parvis.web.versions import rested, versioned
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text


@get(CASE)
async def open_case(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The request's page; a reference typed another way is written right in the address."""
    record = await room.record(reference)
    if record.reference != reference:
        return go(case_path(record.reference))
    if room.host.of(Presence).is_at(room.viewer, record.reference):
        room.host.of(Presence).gone(room.viewer, record.reference)  # nothing waits to be sent on a page that is opened
    return await show_case(room, record)


@get(f"{CASE}/versions")
async def show_versions(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    """Every version of the answers, and what decisions rest on."""
    record = await room.record(reference)
    request_type = await type_of_record(room.host, record)
    return room.show(
        "desk/versions.html",
        record=record,
        versioned=await versioned(room.host, record, request_type, room.viewer, lambda id: f"/bureau/fichiers/{id}"),
        rested=await rested(room.host, record, request_type, room.viewer),
    )


@get("/bureau/fichiers/{id:str}")
async def open_file(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Stream:
    """A file, to those who may see its request and the line of history that it belongs to."""
    file = await kept(id)
    record = await get_record(room.host, file.request) if file and file.request else None
    jurisdictions = room.host.jurisdictions
    if record is not None:
        room.viewer = await with_reveals(room.viewer, record, jurisdictions)
    here = record is not None and record.jurisdiction == room.town.code and sees(room.viewer, record, jurisdictions)
    if (
        file is None
        or record is None
        or not here
        or not sees_audience(room.viewer, file.audience, record, jurisdictions)
    ):
        raise NotFoundException("There is no such file.")
    if file.attachment.id in await files_unseen(record, room.viewer, jurisdictions):
        raise NotFoundException("There is no such file.")
    if SMALL not in request.query_params or not file.small:  # who asks for a small copy of what has none gets all of it
        room.logs_access(record, "file")
    return await handed_out(room.host, file, request=request, saving=SAVING in request.query_params)


@post(f"{CASE}/attribution")
async def assign_case(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Give the request to a unit and to a person of it, or to nobody in particular."""
    record, sent = await room.record(reference, "assign"), await typed(request)
    values = {"unit": sent.text("unit", record.unit), "assignee": sent.text("assignee")}
    if sent.text("_take"):
        values = {"unit": record.unit, "assignee": room.person.id}
    everyone = await agents(room.host.engine, room.town.code)
    colleagues = {one.id: one.name for one in everyone if can_work(one, room.town.code)}
    wanted = values["assignee"]
    if wanted and wanted not in colleagues:
        return await refused(room, record, "assign", values, wrong("assignee", gettext("Choose a colleague.")))
    if cannot := _cannot_take(room, record, values, everyone):
        return await refused(room, record, "assign", values, wrong("assignee", i18n.say(cannot)))
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, "assign", values, seen)
    answer = await assign(
        room.host,
        record.reference,
        unit=values["unit"],
        assignee=UUID(wanted) if wanted else None,
        assignee_name=colleagues.get(wanted, ""),
        actor=room.actor,
        expected=seen,
    )
    if isinstance(answer, Conflict):
        return await _overtaken(room, await room.record(record.reference), values, answer, everyone)
    return await answered(room, record, "assign", values, answer, "attribution")


def _cannot_take(room: DeskContext, record: Record, wanted: dict[str, str], everyone: Sequence[Person]) -> Text | None:
    """Why the new assignee may not work on it in that unit; a present assignee keeps it."""
    held = {"unit": record.unit, "assignee": str(record.assignee) if record.assignee else ""}
    given = next((one for one in everyone if one.id == wanted["assignee"]), None)
    return None if given is None or wanted == held else taking_refused(room.host, given, record, wanted["unit"])


@post(f"{CASE}/attribution/annuler")
async def undo_assignment(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Take back an assignment that one has just made, also one to a unit whose requests one does not see.

    The queue offers it without a version: it is their own last change, with nothing of anybody after it, or none.
    """
    room.demand("assign")
    record = await find(room.host, reference)
    if record is None or record.jurisdiction != room.town.code:
        raise NotFoundException("There is no such request.")
    sent = await typed(request)
    answer = await undo(room.host, room.viewer, record.reference, actor=room.actor, expected=sent.version)
    if not isinstance(answer, Record) and not sees(room.viewer, record, room.host.jurisdictions):
        raise NotFoundException("There is no such request.")
    return await answered(room, record, "undo", {}, answer, "annulee")


async def _overtaken(
    room: DeskContext, record: Record, mine: dict[str, str], conflict: Conflict, everyone: Sequence[Person]
) -> Response[Any]:
    """The request’s page, with what somebody else decided of it beside what this person wanted."""
    saved = {"unit": record.unit, "assignee": str(record.assignee) if record.assignee else ""}
    was = {name: before(conflict.entries, name, now) for name, now in saved.items()}
    held, differences = weigh(was, saved, mine)
    names = {one.id: one.name for one in everyone}
    differing = beside(
        differences,
        {"unit": gettext("Unit"), "assignee": gettext("Person")},
        lambda code, value: unit_name(room.town, value) if code == "unit" else names.get(value, gettext("somebody")),
    )
    tried = FormAttempt(form="assign", values=held, conflict=conflict, differences=differing)
    return await show_case(room, record, tried, status=409)


@post(f"{CASE}/identite", status_code=200)
async def reveal_identity(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Who a confidential person is, shown once, for a reason that is written down before it is told."""
    record, sent = await room.record(reference, "reveal"), await typed(request)
    reason = words_in(sent, "reason")
    if len(reason) < SHORTEST_REASON:
        words = gettext("Say why you need to know.")
        return await refused(room, record, "reveal", {"reason": reason}, wrong("reveal-reason", words))
    person = await reveal(room.host, record.reference, reason, actor=room.actor)
    changed = await room.record(record.reference, "reveal")
    room.logs_access(changed, "reveal")
    return await show_case(room, changed, FormAttempt(form="reveal"), revealed=person)


@post(f"{CASE}/personnes", status_code=200)
async def end_of_access(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """End the access of somebody who was let into the request, as its requester asks by phone or at the counter."""
    record, sent = await room.record(reference, "work"), await typed(request)
    await room.record(reference, "contacts")
    await end_access(room.host, record.reference, sent.text("end"), actor=room.actor)
    return go(case_path(record.reference) + "?fait=acces#main")


async def parties_panel(room: DeskContext, case: Case) -> Panel | None:
    """Who was let in, and the button that ends it where the person may."""
    may_end = room.may("work", case.record) and case.record.erased_at is None
    return await people_panel(
        case.record, case.request_type, case_path(case.record.reference, "personnes") if may_end else ""
    )


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="people",
    after="documents",
    title=lambda: gettext("People with access"),
    right="contacts",
    applies=lambda room, case: bool(case.request_type.parties),
    draw=parties_panel,
)
