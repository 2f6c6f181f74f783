"""What reviewers are shown of a request: the answers that their task names, the files among them, the place."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from parvis.jurisdictions import Jurisdictions
from parvis.requests.attached.attachments import StoredFile, audiences_of, kept_of
from parvis.requests.records import Record
from parvis.requests.visibility import ShownAnswer, Viewer
from parvis_reviews.opinion_readers import does, reads
from parvis_reviews.opinions import opinions_of
from parvis_reviews.review_tasks import declared, tasks_of
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.reviews import Review, Task


class TaskMaterial(Struct, frozen=True, kw_only=True):
    """All that a task shows of its request."""

    answers: tuple[ShownAnswer, ...]
    place: Place | None
    files: tuple[StoredFile, ...]


async def needed_for(record: Record, request_type: RequestType, task: Task) -> TaskMaterial:
    """Gather it; nothing of an erased request is left to be shown."""
    fields = [field for field in request_type.form.fields() if field.code in task.shows]
    shown = tuple(
        ShownAnswer(field=field, label=field.label, value=record.answers[field.code])
        for field in fields
        if field.code in record.answers
    )
    named = audiences_of(tuple(fields), record.answers, by_requester=True)
    files = await kept_of(record) if named else ()
    return TaskMaterial(
        answers=shown, place=record.place, files=tuple(each for each in files if each.attachment.id in named)
    )


async def reads_file(
    viewer: Viewer, record: Record, request_type: RequestType, jurisdictions: Jurisdictions, id: str
) -> bool:
    """Whether a file came with an opinion that the viewer may read, or is needed for one that they may give."""
    tasks = await tasks_of(record.id) if request_type.of(Review) else ()
    readable = {task.id for task in tasks if reads(viewer, task, tasks, record, request_type, jurisdictions)}
    if id in await _files_with(record.id, readable):
        return True
    theirs = [
        declared(request_type, task)
        for task in tasks
        if task.state != "cancelled" and does(viewer, task, record, jurisdictions)
    ]
    shown = {code for found in theirs if found for code in found[1].shows}
    fields = tuple(field for field in request_type.form.fields() if field.code in shown)
    return id in audiences_of(fields, record.answers, by_requester=True)


async def _files_with(request: UUID, tasks: Collection[UUID]) -> frozenset[str]:
    opinions = await opinions_of(request) if tasks else ()
    return frozenset(file for each in opinions if each.task in tasks for file in each.files)
