"""Tasks as they stand: of one request, of all that somebody may do, how many are late; who may do one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.requests.host import Host
from parvis.requests.lists.stalled import StalledCount, stalled_of
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import Viewer, scope_of
from parvis.requests.work.waiting import MANY
from parvis_sdk.tasks import Escalation
from parvis_sdk.text import Text
from parvis_tasks.tables import PluginTask

NAME = "tasks"
MOST = 200
UNITS = ("CASE WHEN t.unit = '' THEN r.unit ELSE t.unit END", "r.unit")
# SQLite reads a CROSS JOIN as it is written: from the few that are open, never through all requests of a town.
OPEN = (
    "FROM tasks_task t CROSS JOIN service_request r WHERE t.state = 'open' AND r.id = t.request AND r.erased_at IS NULL"
)


class KeptTask(Struct, frozen=True, kw_only=True):
    """A task as it stands; `unit` is empty where it goes with the request."""

    id: UUID
    request: UUID
    plugin: str
    key: str
    title: Text
    what: Text | None
    unit: str
    doer: Literal["agent", "manager"]
    state: Literal["open", "done", "withdrawn"]
    given_at: datetime
    due_at: datetime
    escalate: tuple[Escalation, ...]
    escalated: int
    next_at: datetime | None
    ended_at: datetime | None

    @property
    def is_late(self) -> bool:
        return self.state == "open" and self.due_at < clock.now()


class ListedTask(Struct, frozen=True, kw_only=True):
    """A task among others, with the request that it is about."""

    task: KeptTask
    record: Record


class TaskList(Struct, frozen=True, kw_only=True):
    """What somebody may do, what is due first first; `total` counts all of it, listed or not."""

    tasks: tuple[ListedTask, ...]
    total: int


def kept_of(row: Mapping[str, Any]) -> KeptTask:
    """The struct of one row."""
    read = {
        "title": msgspec.json.decode(row["title"], type=Text),
        "what": msgspec.json.decode(row["what"], type=Text) if row["what"] else None,
        "escalate": msgspec.json.decode(row["escalate"], type=tuple[Escalation, ...]),
    }
    return msgspec.convert({name: row[name] for name in KeptTask.__struct_fields__} | read, KeptTask)


async def tasks_of(record: Record) -> tuple[KeptTask, ...]:
    """Those of a request: open ones as they fall due, then the others, the last one first."""
    rows = (
        await PluginTask.select()
        .where(PluginTask.request == record.id)
        .order_by(PluginTask.due_at, PluginTask.id)
        .limit(MOST)
    )
    found = [kept_of(row) for row in rows]
    ended = sorted((each for each in found if each.ended_at), key=lambda each: (each.ended_at, each.id), reverse=True)
    return (*(each for each in found if not each.ended_at), *ended)


async def task_at(id: UUID) -> KeptTask | None:
    """The task of that id."""
    row = await PluginTask.select().where(PluginTask.id == id).first()
    return kept_of(row) if row else None


async def open_task(id: UUID) -> KeptTask | None:
    """The task of that id, where it waits for somebody."""
    found = await task_at(id)
    return found if found is not None and found.state == "open" else None


async def tasks_for(host: Host, viewer: Viewer, town: Jurisdiction) -> TaskList:
    """What this viewer may do; three statements however much it is."""
    where, values = _over(host, viewer, town)
    counted = await PluginTask.raw(f"SELECT count(*) AS total {where}", *values)
    rows = await PluginTask.raw(f"SELECT t.* {where} ORDER BY t.due_at, t.id LIMIT {MOST}", *values)
    ids = list({row["request"] for row in rows})
    about = await ServiceRequest.select().where(ServiceRequest.id.is_in(ids)) if ids else []
    records = {row["id"]: record_of(row) for row in about}
    tasks = tuple(ListedTask(task=kept_of(row), record=records[row["request"]]) for row in rows)
    return TaskList(tasks=tasks, total=counted[0]["total"])


def tasks_waiting(host: Host, viewer: Viewer, town: Jurisdiction) -> Condition:
    """The query of what this viewer may do, `MANY` at most."""
    where, values = _over(host, viewer, town)
    return f"SELECT t.id {where} LIMIT {MANY}", values


async def tasks_late(host: Host, viewer: Viewer, town: Jurisdiction) -> StalledCount:
    """How much of it is late, and since when; one statement."""
    where, values = _over(host, viewer, town)
    late = f"SELECT COUNT(*) AS requests, MIN(t.due_at) AS since {where} AND t.due_at < {{}}"
    found = await PluginTask.raw(late, *values, clock.now())
    return stalled_of(found[0])


def does(viewer: Viewer, task: KeptTask, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer may do a task: who works on the request or in the task’s unit, a manager where it says so."""
    units = (task.unit or record.unit, record.unit)
    rights = ("work", "report") if task.doer == "manager" else ("work",)
    return all(scope_of(viewer, record.jurisdiction, jurisdictions, each).holds(record, units) for each in rights)


def _over(host: Host, viewer: Viewer, town: Jurisdiction) -> Condition:
    works, values = scope_of(viewer, town.code, host.jurisdictions, "work").condition(units=UNITS, walked=False)
    answers, more = scope_of(viewer, town.code, host.jurisdictions, "report").condition(units=UNITS, walked=False)
    return f"{OPEN} AND {works} AND (t.doer <> 'manager' OR ({answers}))", [*values, *more]
