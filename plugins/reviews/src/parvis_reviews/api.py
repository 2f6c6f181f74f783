"""Tasks and opinions by the API: listed, read and given as at the desk, with the same visibility."""

from typing import Any, get_args

from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import UNSET, Struct, UnsetType

from parvis import clock
from parvis.api.calls import (
    Access,
    AnyRequest,
    Call,
    Given,
    among_answers,
    answers_in,
    body_of,
    faulty,
    holder_in,
    unprocessable,
    version_in,
)
from parvis.api.operations import FIELDS, WHOLE, WORDS, operation
from parvis.api.shapes import FileShape, Languages, ListAnswer, Moment, file_shape, languages
from parvis.i18n import gettext
from parvis.people.agents import as_id
from parvis.requests.access_log import AccessLog
from parvis.requests.attached.attachments import kept_of
from parvis.requests.changing import Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.records import Record
from parvis.requests.records import get as get_record
from parvis.requests.visibility import Viewer
from parvis_reviews.opinion_readers import does, reads, sees_task
from parvis_reviews.opinions import Opinion, OpinionSubmission, opinions_of
from parvis_reviews.opinions import give_opinion as give
from parvis_reviews.review_needs import needed_for
from parvis_reviews.review_tasks import OpinionTask, declared, task_by_id, tasks_of
from parvis_reviews.tasks_found import TaskFilters, Which, tasks_for
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.reviews import Review
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

STATES: tuple[Which, ...] = get_args(Which)
NOT_THERE = "There is no such task, or you may not see it."
NOT_YOURS = Text(fr="Cette tâche est attribuée à une autre unité.", en="This task is assigned to another unit.")


class OpinionShape(Struct, frozen=True, kw_only=True):
    """One version of an opinion. `answers` are those to the task's form, with the recommendation among them."""

    number: int
    recommendation: str
    conditions: list[str]
    words: str
    answers: dict[str, Any]
    files: list[FileShape]
    late: bool
    at: Moment


class TaskShape(Struct, frozen=True, kw_only=True):
    """One opinion asked for. `opinions` are its versions, the last first, for those who may read them.

    `request` is what the task shows of the request, and `schema` describes the answers of an opinion: both for those
    who may give it. `version` counts the opinions so far; `seen` is its former name.
    """

    id: str
    reference: str
    review: str
    task: str
    title: Languages
    unit: str
    body: str
    state: str
    overdue: bool
    asked_at: Moment | None
    due_at: Moment | None
    given_at: Moment | None
    late: bool
    version: int
    seen: int
    opinions: list[OpinionShape] | UnsetType = UNSET
    request: "RequestOfTask | UnsetType" = UNSET
    schema: dict[str, Any] | UnsetType = UNSET


class RequestOfTask(Struct, frozen=True, kw_only=True):
    """What a task shows of its request."""

    type: str
    title: Languages
    answers: dict[str, Any]
    place: Place | None
    files: list[FileShape]


class TaskList(ListAnswer, frozen=True, kw_only=True):
    """A page of tasks, those due first at the top; those of one request all at once."""

    items: list[TaskShape]
    total: int


class OpinionGiven(Struct, frozen=True, kw_only=True):
    """An opinion to be given or corrected: `version` of the task as it was read, `upload` of the files named."""

    answers: dict[str, Any]
    version: int = 0
    upload: str = ""


@operation(
    "GET /tasks",
    "Opinions that the unit of the token must give, earliest due first",
    query={
        "state": {"type": "string", "enum": list(STATES), "default": "open"},
        "unit": WORDS,
        "task": WORDS,
        "limit": WHOLE,
        "cursor": WORDS,
        "fields": FIELDS,
    },
    scope="tasks:read",
    enough="tasks:write",
    tag="tasks",
)
async def list_tasks(
    call: Given[Call],
    request: AnyRequest,
    unit: FromQuery[str] = "",
    task: FromQuery[str] = "",
    limit: FromQuery[int] = 50,
    cursor: FromQuery[str] = "",
) -> TaskList:
    # `state` is a word of the framework, so it is read here.
    asked = request.query_params.get("state", "open")
    which = next((each for each in STATES if each == asked), None)
    if which is None:
        raise faulty("state", "not_offered", "one_of", offered=", ".join(STATES))
    filters = TaskFilters(which=which, units=(unit,) if unit else (), task=task)
    try:
        page = await tasks_for(call.host, call.viewer, call.town.code, filters, limit=limit, cursor=cursor)
    except BadCursor as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    return TaskList(
        items=[_shape(row.task, row.reference, row.title) for row in page.rows],
        total=page.total,
        next_cursor=page.next_cursor,
    )


@operation(
    "GET /tasks/{id}",
    "One task: what it shows of the request, the answers of an opinion, and the opinions that the caller may read",
    scope="tasks:read",
    enough="tasks:write",
    tag="tasks",
)
async def show_task(call: Given[Call], id: FromPath[str]) -> TaskShape:
    task, record, request_type = await _task(call, id)
    return await _whole(call, call.viewer, task, record, request_type)


@operation(
    "GET /requests/{reference}/tasks",
    "Who reviews a request, by when, and the opinions that the caller may read",
    key=True,
    problems=(403,),
    tag="tasks",
)
async def list_tasks_of_request(call: Given[Call], access: Given[Access]) -> TaskList:
    record, viewer = access.record, access.viewer
    if viewer.kind == "public":
        raise HTTPException(
            status_code=403, detail=gettext("Only the requester and the town may see who reviews a request.")
        )
    request_type = await type_of_record(call.host, record)
    tasks = await tasks_of(record.id) if request_type.of(Review) else ()
    found = [
        await _whole(call, viewer, task, record, request_type, tasks) for task in tasks if task.state != "cancelled"
    ]
    return TaskList(items=found, total=len(found))


@operation(
    "POST /tasks/{id}/opinion",
    "Give or correct the opinion on a task; the same opinion sent twice counts once",
    body=OpinionGiven,
    formerly={"seen": "version"},
    scope="tasks:write",
    problems=(409,),
    tag="tasks",
)
async def give_opinion(call: Given[Call], request: AnyRequest, id: FromPath[str]) -> TaskShape:
    task, record, request_type = await _task(call, id)
    body = await body_of(request)
    if body.get("version", 0) is None:
        raise faulty("version", "number", "not_number")
    wanted, number = declared(request_type, task), version_in(body) or 0
    form = wanted[1].form() if wanted else Form()
    answers = answers_in(body, form)

    async def check(here: Situation, asked: OpinionTask) -> Denied | None:
        return (
            None
            if does(call.viewer, asked, here.record, call.host.jurisdictions)
            else Denied(code="not_by_you", reason=NOT_YOURS)
        )

    holder = holder_in(body)
    handed = OpinionSubmission(task=task.id, raw=answers, actor=call.actor, seen=number, holder=holder, check=check)
    given = await give(call.host, record.reference, handed)
    if isinstance(given, Problems):
        raise unprocessable(given, call.language, among_answers(form, OpinionGiven, body))
    if isinstance(given, Denied):
        status = 403 if given.code == "not_by_you" else 409
        raise faulty("", given.code, given.reason.to(call.language), status=status)
    task, record, request_type = await _task(call, id)
    return await _whole(call, call.viewer, task, record, request_type)


async def _task(call: Call, id: str) -> tuple[OpinionTask, Record, RequestType]:
    wanted = as_id(id)
    task = await task_by_id(wanted) if wanted else None
    record = await get_record(call.host, task.request) if task else None
    if task is None or record is None or record.jurisdiction != call.town.code or record.erased_at is not None:
        raise HTTPException(status_code=404, detail=gettext("There is no such task, or you may not see it."))
    request_type = await type_of_record(call.host, record)
    if declared(request_type, task) is None or not await _may_know(call, task, record, request_type):
        raise HTTPException(status_code=404, detail=gettext("There is no such task, or you may not see it."))
    call.host.of(AccessLog).at(call.viewer, record, "page")
    return task, record, request_type


async def _may_know(call: Call, task: OpinionTask, record: Record, request_type: RequestType) -> bool:
    jurisdictions = call.host.jurisdictions
    if sees_task(call.viewer, task, record, jurisdictions):
        return True
    return reads(call.viewer, task, await tasks_of(record.id), record, request_type, jurisdictions)


async def _whole(
    call: Call,
    viewer: Viewer,
    task: OpinionTask,
    record: Record,
    request_type: RequestType,
    tasks: tuple[OpinionTask, ...] = (),
) -> TaskShape:
    """A task with what this viewer may read of it; `tasks` are all of the request, where they are known already."""
    found = declared(request_type, task)
    title = found[1].title if found else Text(fr=task.task)
    more: dict[str, Any] = {}
    if reads(viewer, task, tasks or await tasks_of(record.id), record, request_type, call.host.jurisdictions):
        more["opinions"] = await _opinions(record, task)
    if found is not None and does(viewer, task, record, call.host.jurisdictions):
        needed = await needed_for(record, request_type, found[1])
        more["request"] = RequestOfTask(
            type=record.type,
            title=languages(request_type.title),
            answers={one.field.code: one.value for one in needed.answers},
            place=needed.place,
            files=[file_shape(each.attachment) for each in needed.files],
        )
        more["schema"] = found[1].form().json_schema(call.language)
    return _shape(task, record.reference, title, **more)


async def _opinions(record: Record, task: OpinionTask) -> list[OpinionShape]:
    versions = [each for each in await opinions_of(record.id) if each.task == task.id]
    files = {each.attachment.id: each.attachment for each in await kept_of(record)} if versions else {}

    def shape(opinion: Opinion) -> OpinionShape:
        return OpinionShape(
            number=opinion.number,
            recommendation=opinion.recommendation.value,
            conditions=list(opinion.conditions),
            words=opinion.words,
            answers=opinion.given,
            files=[file_shape(files[id]) for id in opinion.files if id in files],
            late=opinion.late,
            at=opinion.at,
        )

    return [shape(each) for each in reversed(versions)]


def _shape(task: OpinionTask, reference: str, title: Text, **more: Any) -> TaskShape:
    return TaskShape(
        id=str(task.id),
        reference=reference,
        review=task.review,
        task=task.task,
        title=languages(title),
        unit=task.unit,
        body=task.body,
        state=task.state,
        overdue=task.is_overdue(clock.now()),
        asked_at=task.asked_at,
        due_at=task.due_at,
        given_at=task.given_at,
        late=task.late,
        version=task.opinions,
        seen=task.opinions,
        **{name: more.get(name, UNSET) for name in ("opinions", "request", "schema")},
    )
