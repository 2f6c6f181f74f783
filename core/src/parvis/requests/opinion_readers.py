"""Who does a task, who may see that it exists, and who may read its opinion: decided here and nowhere else."""

from collections.abc import Iterable

from parvis.reach import Scope, scope_over
from parvis.requests.records import Record
from parvis.requests.review_tasks import Asked, declared
from parvis.requests.visibility import Viewer, may
from parvis.territory import Jurisdiction, Territory
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase

WORK, GIVE, READ = "work", "review", "opinions"  # people work; machines have a right of their own for each


def does(viewer: Viewer, task: Asked, town: Jurisdiction | None) -> bool:
    """Whether the viewer may give this opinion, or see to it that it comes."""
    return _over(viewer, task, town, GIVE)


def sees_task(viewer: Viewer, task: Asked, record: Record, territory: Territory) -> bool:
    """Whether the viewer may know of the task: whose it is, where it stands, when it is due."""
    town = territory.get(record.jurisdiction)
    return _over(viewer, task, town, READ) or (viewer.is_staff and may(viewer, "see", record, territory))


def reads(
    viewer: Viewer, task: Asked, others: Iterable[Asked], record: Record, kind: RequestType, territory: Territory
) -> bool:
    """Whether the opinion on a task may reach the viewer, in any form; `others` are the tasks of the request."""
    found, town = declared(kind, task), territory.get(record.jurisdiction)
    if found is None or viewer.kind in ("public", "system"):
        return False
    review, wanted = found
    if viewer.kind == "holder":
        decided = record.phase in (Phase.DECIDED, Phase.CLOSED)
        return viewer.is_requester and "requester" in wanted.readers and decided
    # Who sees to it that a body outside answers has not thereby a right to its answer.
    if not task.email and _over(viewer, task, town, READ):
        return True
    if "deciders" in wanted.readers and _decides(viewer, record, town):
        return True
    beside = (other for other in others if other.review == review.code and other.id != task.id and not other.email)
    return "reviewers" in wanted.readers and any(_over(viewer, other, town, READ) for other in beside)


def scope_of_tasks(viewer: Viewer, town: Jurisdiction | None) -> Scope:
    """The tasks that the viewer may know of, by their units."""
    return scope_over(viewer.reaches, (WORK if viewer.kind == "agent" else READ,), town)


def _decides(viewer: Viewer, record: Record, town: Jurisdiction | None) -> bool:
    return scope_over(viewer.reaches, (WORK if viewer.kind == "agent" else READ,), town).holds(record)


def _over(viewer: Viewer, task: Asked, town: Jurisdiction | None, right: str) -> bool:
    if viewer.kind == "agent":
        right = WORK
        if task.assignee is not None and str(task.assignee) == viewer.id:
            return True
    elif viewer.kind != "token":
        return False
    return scope_over(viewer.reaches, (right,), town).holds(task)
