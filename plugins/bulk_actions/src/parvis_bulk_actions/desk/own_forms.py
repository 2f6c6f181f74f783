"""Many requests given to a unit or a person, or another priority: what is done to many without another module."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from parvis import i18n
from parvis.i18n import gettext
from parvis.people.agents import Person, agents, get_agent
from parvis.requests.priority_names import PRIORITIES, priority_name
from parvis.requests.records import Record
from parvis.viewers import can_work
from parvis.web.desk.context import DeskContext, unit_name, unit_tree
from parvis.web.desk.lists.action_forms import ActionForm, Foreseen
from parvis.web.desk.one_request.forms import wrong
from parvis.web.typed import FormInput
from parvis_bulk_actions.actions import Assign, Prioritise, assignment_judged, not_theirs
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold


async def _colleagues(room: DeskContext) -> list[Person]:
    found = [one for one in await agents(room.host.engine, room.town.code) if can_work(one, room.town.code)]
    return sorted(found, key=lambda one: fold(one.name))


async def show_assignment(room: DeskContext, records: Sequence[Record]) -> Mapping[str, Any]:
    """The units and colleagues to choose from."""
    people = [(one.id, one.name) for one in await _colleagues(room)]
    return {
        "units": [("", gettext("Current unit")), *unit_tree(room.town)],
        "people": [("", gettext("Nobody in particular")), *people],
    }


async def read_assignment(room: DeskContext, sent: FormInput) -> Assign | Problems:
    colleagues = {one.id: one.name for one in await _colleagues(room)}
    wanted, unit = sent.text("assignee"), sent.text("unit")
    if wanted and wanted not in colleagues:
        return wrong("assignee", gettext("Choose a colleague."))
    if unit and room.town.unit(unit) is None:
        return wrong("unit", gettext("Choose a unit."))
    return Assign(unit=unit, assignee=UUID(wanted) if wanted else None, name=colleagues.get(wanted, ""))


async def foresee_assignment(room: DeskContext, records: Sequence[Record], action: Assign) -> Foreseen:
    """What an assignment would do to each request; the person or unit assigned is read once."""
    person = await get_agent(room.host.engine, action.assignee) if action.assignee else None

    def judged(record: Record) -> Text | None:
        unallowed = not_theirs(room.host, room.viewer, record, "assign")
        return unallowed or assignment_judged(room.host, record, action, person)

    return Foreseen(judged=[(each, judged(each)) for each in records])


def assignment_said(room: DeskContext, action: Assign) -> str:
    where = unit_name(room.town, action.unit) if action.unit else gettext("Current unit")
    person = action.name or gettext("Nobody in particular")
    return gettext("Assign to: %(unit)s, %(person)s") % {"unit": where, "person": person}


async def show_priorities(room: DeskContext, records: Sequence[Record]) -> Mapping[str, Any]:
    return {"priorities": [(str(code), i18n.say(name)) for code, name in PRIORITIES.items()]}


async def read_priority(room: DeskContext, sent: FormInput) -> Prioritise | Problems:
    given = sent.text("priority")
    if given not in {str(code) for code in PRIORITIES}:
        return wrong("priority", gettext("Choose a priority."))
    return Prioritise(priority=int(given))


def priority_said(room: DeskContext, action: Prioritise) -> str:
    return gettext("Priority: %(priority)s") % {"priority": i18n.say(priority_name(action.priority))}


ASSIGNMENT = ActionForm(
    name="assign",
    template="bulk_actions/assign.html",
    fields=("unit", "assignee"),
    show=show_assignment,
    read=read_assignment,
    foresee=foresee_assignment,
    said=assignment_said,
)
PRIORITY = ActionForm(
    name="priority",
    after="assign",
    template="bulk_actions/priority.html",
    fields=("priority",),
    show=show_priorities,
    read=read_priority,
    said=priority_said,
)
