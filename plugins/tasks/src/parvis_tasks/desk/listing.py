"""What plugins ask of the units of somebody: its list, its count in the menu, what of it is late, and doing it."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from parvis.i18n import gettext, say
from parvis.requests.records import Record
from parvis.requests.records import get as request_of
from parvis.requests.visibility import sees
from parvis.web.desk.context import AtDesk, DeskContext, go, title_of, unit_name
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.desk.one_request.answering import answered
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.done_messages import DoneMessage
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.workflow import Denied
from parvis_tasks.ending import NOT_OPEN, do_task
from parvis_tasks.kept_tasks import ListedTask, does, task_at, tasks_for, tasks_late, tasks_waiting

TASKS = "/bureau/a-faire"
FORM = "task"
DONE = "tache-faite"


@get(TASKS)
async def show_tasks(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """What is due first first; as many statements however many there are."""
    room.demand("work")
    return await _list(room, done=request.query_params.get("fait", "") == DONE)


async def _list(room: DeskContext, *, done: bool = False, refused: str = "", status: int = 200) -> Response[Any]:
    found = await tasks_for(room.host, room.viewer, room.town)
    lines = [_line(room, each) for each in found.tasks]
    return room.show("tasks/tasks.html", status=status, lines=lines, total=found.total, done=done, refused=refused)


def _line(room: DeskContext, each: ListedTask) -> dict[str, Any]:
    seen = sees(room.viewer, each.record, room.host.jurisdictions)
    return {
        "task": each.task,
        "title": title_of(room, each.record.type) if seen else "",
        "reference": each.record.reference,
        "seen": seen,
        "unit": unit_name(room.town, each.task.unit or each.record.unit),
        "is_mine": True,
    }


@post(f"{TASKS}/{{id:str}}")
async def end_task(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Somebody has done it; what they say of it is for colleagues."""
    sent = await typed(request)
    task = await task_at(_id(id))
    record = await request_of(room.host, task.request) if task else None
    if task is None or record is None or record.jurisdiction != room.town.code or record.erased_at is not None:
        raise NotFoundException("There is no such task.")
    if not does(room.viewer, task, record, room.host.jurisdictions):
        raise PermissionDeniedException("This needs the right 'work' over the request, or in the unit of the task.")
    became = await do_task(room.host, room.viewer, record, task.id, sent.text("note"), actor=room.actor)
    if sent.text("from") != "list":
        return await answered(room, record, FORM, {}, became, DONE)
    if isinstance(became, Record):
        return go(f"{TASKS}?fait={DONE}#main")
    return await _list(room, refused=say(became.reason if isinstance(became, Denied) else NOT_OPEN), status=409)


def _id(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise NotFoundException("There is no such task.") from error


LINK = PageLink(
    slot="desk.menu",
    path=TASKS,
    guide="docs/desk#what-services-and-systems-ask-people-to-do",
    after="/bureau/pour-moi",
    text=lambda: gettext("Tasks"),
    right="work",
    icon="check",
    waiting=lambda room: tasks_waiting(room.host, room.viewer, room.town),
)


async def late_tasks(room: DeskContext) -> tuple[StalledList, ...]:
    """Those that were to be done by a day that has passed."""
    stalled = StalledList(
        title=gettext("Tasks from plugins"),
        meaning=gettext("Assigned to a unit and past their due date."),
        href=TASKS,
        found=await tasks_late(room.host, room.viewer, room.town),
    )
    return (stalled,)


LATE = StalledSource(name="tasks", title=lambda: gettext("Tasks from plugins"), right="work", find=late_tasks)
MESSAGES = (DoneMessage(slot=SLOT, name=DONE, text=lambda: gettext("The task is done.")),)
