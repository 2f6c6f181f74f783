"""At the desk: the mandates beside a request, how one is added and ended, and the warning above an answer."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath

from parvis import clock
from parvis.i18n import gettext, say
from parvis.people.agents import as_id
from parvis.requests.records import Record
from parvis.requests.rows_there import RowsOf
from parvis.requests.visibility import sees_contact
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.answering import answered
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import CASE
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_mandates.mandates import KINDS, LONGEST, add_mandate, end_mandate, mandates_of

FORM = "mandate"
MANDATES = RowsOf("mandates_mandate")


async def _named(room: DeskContext, reference: str) -> Record:
    """The request, if the person may correct it and see who asked."""
    record = await room.record(reference, "amend")
    if not sees_contact(room.viewer, record, room.host.jurisdictions):
        raise PermissionDeniedException("This needs the right 'contacts' over a request that is not confidential.")
    return record


@post(f"{CASE}/mandat")
async def write_mandate(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Record a mandate; the agent who sends the form has seen the proof."""
    record, sent = await _named(room, reference), await typed(request)
    values = {name: sent.text(name)[:most] for name, most in LONGEST.items()} | {"kind": sent.text("mandate-kind")}
    answer = await add_mandate(room.host, record.reference, values, actor=room.actor)
    return await answered(room, record, FORM, values, answer, "mandat")


@post(f"{CASE}/mandat/fin")
async def close_mandate(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """End the mandate now, on the agent's word."""
    record, sent = await _named(room, reference), await typed(request)
    id = as_id(sent.text("id"))
    ended = await end_mandate(room.host, record.reference, id, actor=room.actor) if isinstance(id, UUID) else None
    done = "mandat-fini" if isinstance(ended, Record) else "mandat-deja-fini"
    return go(case_path(record.reference) + f"?fait={done}#main")


def _is_open(room: DeskContext, case: Case) -> bool:
    record = case.record
    return record.erased_at is None and sees_contact(room.viewer, record, room.host.jurisdictions)


async def mandates_panel(room: DeskContext, case: Case) -> Panel | None:
    """Each mandate in plain words, and the form of another; nothing where there is none and none can be added."""
    record, now = case.record, clock.now()
    mandates = () if case.lacks(MANDATES) else await mandates_of(record)
    may_edit = room.may("amend", record)
    if not mandates and not may_edit:
        return None
    shown = [(each, each.ended_on(room.town, now), each.had_ended(room.town, now)) for each in mandates]
    kinds = [("", ""), *((code, say(title)) for code, title in KINDS.items())]
    person = case.shown.contact
    values = {"mandates": shown, "may_edit": may_edit, "kinds": kinds, "person": person}
    return Panel(template="mandates/box.html", values=values, weight="plain" if mandates else "quiet")


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="mandates",
    after="calls",
    title=lambda: gettext("Mandates"),
    right="contacts",
    applies=_is_open,
    rows=(MANDATES,),
    stands_empty=True,
    draw=mandates_panel,
)


async def warning_panel(room: DeskContext, case: Case) -> Panel | None:
    """A warning where the mandate of the person who gets the messages has ended and no other replaces it."""
    now, person = clock.now(), case.shown.contact
    theirs = [each for each in await mandates_of(case.record) if each.is_of(person)]
    if not theirs or not all(each.had_ended(room.town, now) for each in theirs):
        return None
    values = {"mandate": theirs[0], "ended_on": theirs[0].ended_on(room.town, now)}
    return Panel(template="mandates/warning.html", values=values)


WARNING: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.reply.warning",
    name="mandate-ended",
    title=lambda: gettext("Mandates"),
    right="contacts",
    applies=lambda room, case: case.told and _is_open(room, case),
    rows=(MANDATES,),
    draw=warning_panel,
)

MESSAGES = (
    DoneMessage(slot=SLOT, name="mandat", text=lambda: gettext("The mandate has been added.")),
    DoneMessage(slot=SLOT, name="mandat-fini", text=lambda: gettext("The mandate has been ended.")),
    DoneMessage(
        slot=SLOT, name="mandat-deja-fini", text=lambda: gettext("Nothing was changed: this mandate had already ended.")
    ),
)
