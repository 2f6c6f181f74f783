"""What is done to the checklist of a request: lines ticked, added, begun from a ready list, taken away."""

from typing import Any
from uuid import UUID

from litestar import Response, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.people.agents import as_id
from parvis.web.desk.context import AtDesk, case_path, go
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import CASE, wrong
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_checklists.items import MOST_WORDS, Edit, edit_checklist, lists_for, own_line

FORM = "checklist"


@post(f"{CASE}/liste")
async def change_checklist(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Whatever was pressed, what is ticked and typed is kept with it: nothing is lost by another button."""
    record, sent = await room.record(reference, "work"), await typed(request)
    values = {"words": sent.text("words")[:MOST_WORDS]}
    line = own_line(sent.text("words"))
    if sent.text("_add") and line is None:
        return await refused(room, record, FORM, values, wrong(f"{FORM}-words", gettext("Enter a text first.")))
    begun = next((each.items for each in lists_for(room.town, record) if each.code == sent.text("_begin")), ())
    edit = Edit(
        added=(*begun, *((line,) if line else ())),
        ticked=_ticked(sent),
        removed=[id for each in sent.all("_remove") if (id := as_id(each))],
    )
    answer = await edit_checklist(room.host, record.reference, edit, actor=room.actor)
    if answer is None:
        return go(case_path(record.reference) + "?fait=liste-pareille#main")
    return await answered(room, record, FORM, values, answer, "liste")


def _ticked(sent: FormInput) -> dict[UUID, bool]:
    """What the person changed of what they were shown: what they left as it was is for others to decide."""
    now, was = set(sent.all("done")), set(sent.all("was"))
    return {id: each in now for each in now ^ was if (id := as_id(each))}


MESSAGES = (
    DoneMessage(slot=SLOT, name="liste", text=lambda: gettext("The checklist is changed.")),
    DoneMessage(
        slot=SLOT, name="liste-pareille", text=lambda: gettext("No change: the checklist was already up to date.")
    ),
)
