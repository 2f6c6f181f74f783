"""The tasks that somebody may know of, as a list: mine, my unit's, those overdue; two statements, however many."""

from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.lists.cursors import after_due, by_due, due_cursor
from parvis.requests.visibility import Viewer
from parvis_reviews.opinion_readers import given_to, scope_of_tasks
from parvis_reviews.review_tasks import OpinionTask, declared
from parvis_reviews.tables import ReviewTask as TaskTable
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text

Which = Literal["open", "overdue", "waiting", "given", "all"]
MOST = 200
JOINED = "FROM review_task t JOIN service_request r ON r.id = t.request"
WHICH: dict[str, str] = {
    "open": "t.state = 'asked' AND r.phase <> 'closed'",
    "overdue": "t.state = 'asked' AND r.phase <> 'closed' AND t.due_at < {}",
    "waiting": "t.state = 'waiting' AND r.phase <> 'closed'",
    "given": "t.state IN ('given', 'deemed')",
    "all": "t.state <> 'cancelled'",
}


class TaskFilters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is looked for; empty parts do not narrow. `assignee` is an agent's id, or "none"."""

    which: Which = "open"
    assignee: str = ""
    units: tuple[str, ...] = ()
    task: str = ""
    request: UUID | None = None


class ListedTask(Struct, frozen=True, kw_only=True):
    """One line of a list of tasks: everything of it but what an opinion says."""

    task: OpinionTask
    title: Text
    review: Text
    reference: str
    type: str
    type_title: Text
    address: str
    is_overdue: bool


class FoundTasks(Struct, frozen=True, kw_only=True):
    """A page of a list, how many there are in all, and where the next page begins (empty on the last)."""

    rows: tuple[ListedTask, ...]
    total: int
    next_cursor: str


async def tasks_for(
    host: Host, viewer: Viewer, jurisdiction: str, filters: TaskFilters, *, limit: int = 50, cursor: str = ""
) -> FoundTasks:
    """The tasks of a town that fit and that this viewer may do or see to, those due first at the top."""
    where, values = _where(host, viewer, jurisdiction, filters)
    limit = max(1, min(limit, MOST))
    after, more = after_due("t", "due_at", cursor)
    # Columns and conditions are ours; what was asked for travels as values.
    rows = await TaskTable.raw(
        f"SELECT t.*, r.reference, r.type, r.declaration, r.address {JOINED} WHERE {where}{after} "
        f"ORDER BY {by_due('t', 'due_at')} LIMIT {limit + 1}",
        *values,
        *more,
    )
    counted = await TaskTable.raw(f"SELECT count(*) AS total {JOINED} WHERE {where}", *values)
    last = rows[limit - 1] if len(rows) > limit else None
    return FoundTasks(
        rows=tuple([await _listed(host, row) for row in rows[:limit]]),
        total=counted[0]["total"],
        next_cursor=due_cursor(last, "due_at") if last else "",
    )


def _where(host: Host, viewer: Viewer, jurisdiction: str, filters: TaskFilters) -> tuple[str, list[Any]]:
    seen, values = _seen(host, viewer, jurisdiction)
    parts, values = ["t.jurisdiction = {}", seen, WHICH[filters.which]], [jurisdiction, *values]
    if filters.which == "overdue":
        values.append(clock.now())
    if filters.assignee == "none":
        parts.append("t.assignee IS NULL AND t.email = ''")
    elif filters.assignee:
        parts.append("t.assignee = {}")
        values.append(UUID(filters.assignee))
    if filters.units:
        parts.append(f"t.unit IN ({', '.join(['{}'] * len(filters.units))})")
        values += [clean(unit) for unit in filters.units]
    if filters.task:
        parts.append("t.task = {}")
        values.append(clean(filters.task))
    if filters.request is not None:
        parts.append("t.request = {}")
        values.append(filters.request)
    return " AND ".join(parts), values


def _seen(host: Host, viewer: Viewer, jurisdiction: str) -> Condition:
    """The tasks of the units that the viewer works for, and those given to them."""
    seen, values = scope_of_tasks(viewer, host.jurisdictions.get(jurisdiction)).condition(units=("t.unit",))
    mine = _uuid(viewer.id) if viewer.kind == "agent" else None
    if mine is None:
        return seen, values
    given, more = given_to(viewer, jurisdiction).condition()
    return f"({seen} OR ({given} AND t.assignee = {{}}))", [*values, *more, mine]


def _uuid(id: str) -> UUID | None:
    try:
        return UUID(id)
    except ValueError:
        return None


async def _listed(host: Host, row: dict[str, Any]) -> ListedTask:
    task = OpinionTask(**{name: row[name] for name in OpinionTask.__struct_fields__})
    request_type = await declaration(host, row["declaration"])  # known by host after the first of its kind
    found = declared(request_type, task)
    return ListedTask(
        task=task,
        title=found[1].title if found else Text(fr=task.task),
        review=found[0].title if found else Text(fr=task.review),
        reference=row["reference"],
        type=row["type"],
        type_title=request_type.title,
        address=row["address"],
        is_overdue=task.is_overdue(clock.now()),
    )
