"""Who does a task, who may see that it exists, and who may read its opinion: decided here and nowhere else."""

from collections.abc import Iterable

from parvis.access_scope import Scope, scope_over
from parvis.jurisdictions import Jurisdiction, Jurisdictions
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, interested, may
from parvis_reviews.review_tasks import OpinionTask, declared
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase

WORK, GIVE, READ = "work", "review", "opinions"  # people work; machines have a right of their own for each


def does(viewer: Viewer, task: OpinionTask, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer may give this opinion, or see to it that it comes."""
    return _over(viewer, task, record, jurisdictions, GIVE)


def sees_task(viewer: Viewer, task: OpinionTask, record: Record, jurisdictions: Jurisdictions) -> bool:
    """Whether the viewer may know of the task: whose it is, where it stands, when it is due."""
    return _over(viewer, task, record, jurisdictions, READ) or (
        viewer.is_staff and may(viewer, "see", record, jurisdictions)
    )


def reads(
    viewer: Viewer,
    task: OpinionTask,
    others: Iterable[OpinionTask],
    record: Record,
    request_type: RequestType,
    jurisdictions: Jurisdictions,
) -> bool:
    """Whether the opinion on a task may reach the viewer, in any form; `others` are the tasks of the request."""
    found = declared(request_type, task)
    if found is None or viewer.kind in ("public", "system"):
        return False
    review, wanted = found
    if viewer.kind == "holder":
        decided = record.phase in (Phase.DECIDED, Phase.CLOSED)
        return viewer.is_requester and "requester" in wanted.readers and decided
    # Who sees to it that a body outside answers has not thereby a right to its answer.
    if not task.email and _over(viewer, task, record, jurisdictions, READ):
        return True
    if "deciders" in wanted.readers and scope_of_tasks(viewer, jurisdictions.get(record.jurisdiction)).holds(record):
        return True
    beside = (other for other in others if other.review == review.code and other.id != task.id and not other.email)
    return "reviewers" in wanted.readers and any(_over(viewer, other, record, jurisdictions, READ) for other in beside)


def scope_of_tasks(viewer: Viewer, town: Jurisdiction | None) -> Scope:
    """The tasks that the viewer may know of, by their units."""
    return _scope(viewer, READ, town)


def given_to(viewer: Viewer, jurisdiction: str) -> Scope:
    """The requests of which the viewer may do the tasks that were given to them by name."""
    return Scope(jurisdiction=jurisdiction, besides=interested(viewer))


def _scope(viewer: Viewer, right: str, town: Jurisdiction | None) -> Scope:
    return scope_over(viewer.reaches, (WORK if viewer.kind == "agent" else right,), town, interested(viewer))


def _over(viewer: Viewer, task: OpinionTask, record: Record, jurisdictions: Jurisdictions, right: str) -> bool:
    if viewer.kind not in ("agent", "token"):
        return False
    is_theirs = viewer.kind == "agent" and task.assignee is not None and str(task.assignee) == viewer.id
    if is_theirs and given_to(viewer, record.jurisdiction).holds(record):
        return True
    return _scope(viewer, right, jurisdictions.get(record.jurisdiction)).holds(record, (task.unit,))
