"""A task done at the desk: the history records by whom, when and with which note; its plugin is told the unit."""

from datetime import datetime
from functools import partial
from uuid import UUID

from msgspec import structs

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis_sdk.cleaning import clean
from parvis_sdk.events import TaskDone
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_tasks.kept_tasks import KeptTask, does, open_task
from parvis_tasks.tables import PluginTask

MOST_WORDS = 2000
NOT_OPEN = Text(
    fr="Cette tâche est déjà faite, ou n’est plus demandée.", en="This task is already done, or is no longer needed."
)
NOT_YOURS = Text(
    fr="Cette tâche est attribuée à une autre unité, ou à sa gestion.",
    en="This task is assigned to another unit, or to its manager.",
)


async def do_task(
    host: Host, viewer: Viewer, record: Record, id: UUID, note: str, *, actor: Actor
) -> Record | Denied | Conflict:
    """Write that a task is done, with a note for colleagues; or why not. Nothing is done twice."""
    return await change(host, record.reference, partial(_done, host, viewer, id, note, actor), actor=actor)


async def _done(host: Host, viewer: Viewer, id: UUID, note: str, actor: Actor, here: Situation) -> Change | Denied:
    task = await open_task(id)
    if task is None or task.request != here.record.id:
        return Denied(code="not_possible", reason=NOT_OPEN)
    if not does(viewer, task, here.record, host.jurisdictions):
        return Denied(code="not_by_you", reason=NOT_YOURS)
    unit, words = task.unit or here.record.unit, clean(note).strip()[:MOST_WORDS]
    return Change(
        line=Line(
            kind="task_done",
            audience="internal",
            body={"plugin": task.plugin, "key": task.key, "unit": unit},
            personal={"title": structs.asdict(task.title)} | ({"words": words} if words else {}),
        ),
        events=(TaskDone(**here.about(actor), plugin=task.plugin, key=task.key, unit=unit),),
        writes=(partial(_write, task, here.at),),
    )


async def _write(task: KeptTask, at: datetime) -> None:
    of = PluginTask
    await of.update({of.state: "done", of.ended_at: at, of.next_at: None}).where(of.id == task.id)
