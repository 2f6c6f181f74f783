"""On the page of one request: what plugins ask people to do about it, and what became of it."""

from typing import Any

from parvis.i18n import gettext
from parvis.requests.rows_there import RowsOf
from parvis.web.desk.context import DeskContext, unit_name
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel, Weight
from parvis_tasks.kept_tasks import KeptTask, does, tasks_of


async def tasks_box(room: DeskContext, case: Case) -> Panel | None:
    """None where nothing was ever asked."""
    found = await tasks_of(case.record)
    lines = [_line(room, case, each) for each in found]
    weight: Weight = "urgent" if any(line["is_mine"] for line in lines) else "plain"
    return Panel(template="tasks/box.html", values={"lines": lines}, weight=weight) if lines else None


def _line(room: DeskContext, case: Case, task: KeptTask) -> dict[str, Any]:
    is_mine = task.state == "open" and does(room.viewer, task, case.record, room.host.jurisdictions)
    return {"task": task, "unit": unit_name(room.town, task.unit or case.record.unit), "is_mine": is_mine}


BOX: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="tasks",
    title=lambda: gettext("To do"),
    right="see",
    rows=(RowsOf("tasks_task"),),
    draw=tasks_box,
)
