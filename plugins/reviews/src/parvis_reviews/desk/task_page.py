"""One task: what it needs to see of the request, the opinion to give or correct, and what can be done with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Stream
from msgspec import Struct

from parvis.i18n import format_list, gettext, say
from parvis.people.agents import Person, agents, as_id
from parvis.requests.attached.attachments import kept
from parvis.requests.changing import Situation
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record
from parvis.requests.records import get as get_record
from parvis.requests.visibility import sees
from parvis.viewers import can_work
from parvis.web.answers import answer_rows
from parvis.web.desk.context import AtDesk, DeskContext, go, unit_name, unit_tree
from parvis.web.desk.one_request import uploads
from parvis.web.downloads import SAVING, SMALL, handed_out, shown_file
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel, drawn
from parvis.web.typed import typed
from parvis_reviews.desk.arranged_forms import CANCEL, EXTEND, OUTSIDE, REASON
from parvis_reviews.desk.reviewing import file_path, task_path
from parvis_reviews.opinion_readers import does, sees_task
from parvis_reviews.opinions import Opinion, OpinionSubmission, files_for, give_opinion, last_of, opinions_of
from parvis_reviews.review_letters import TASKS
from parvis_reviews.review_needs import needed_for, reads_file
from parvis_reviews.review_tasks import OpinionTask, declared, task_by_id
from parvis_reviews.shown import shown_reviews, state_words
from parvis_sdk.fields import File, Photo
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import Review, Task
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NOT_YOURS = Text(
    fr="Cette tâche a été attribuée à quelqu’un d’autre.", en="This task has been assigned to someone else."
)
TASK = f"{TASKS}/{{id:str}}"
OPINION = "opinion"


class TaskView(Struct, frozen=True, kw_only=True):
    """A task that the person may see, with its request and what is declared of both."""

    task: OpinionTask
    record: Record
    request_type: RequestType
    review: Review
    wanted: Task
    mine: bool


class Attempt(Struct, frozen=True, kw_only=True):
    """What somebody tried on this page and did not get through with."""

    form: str = ""
    values: Mapping[str, Any] = {}
    problems: Problems | None = None
    refused: str = ""


NOTHING_TRIED = Attempt()


async def opened(room: DeskContext, id: str, *, to_do: bool = False) -> TaskView:
    """The task of an address; what the person may not see does not exist for them."""
    wanted = as_id(id)
    task = await task_by_id(wanted) if wanted else None
    record = await get_record(room.host, task.request) if task else None
    if task is None or record is None or record.jurisdiction != room.town.code or record.erased_at is not None:
        raise NotFoundException("There is no such task.")
    request_type = await type_of_record(room.host, record)
    found, mine = declared(request_type, task), does(room.viewer, task, record, room.host.jurisdictions)
    if found is None or not (mine or sees_task(room.viewer, task, record, room.host.jurisdictions)):
        raise NotFoundException("There is no such task.")
    if to_do and not mine:
        raise PermissionDeniedException("This task is another unit's.")
    room.logs_access(record)
    return TaskView(task=task, record=record, request_type=request_type, review=found[0], wanted=found[1], mine=mine)


@get(TASK)
async def open_task(room: AtDesk, id: FromPath[str]) -> Response[Any]:
    return await show_task(room, await opened(room, id))


@post(TASK)
async def give(room: AtDesk, request: AnyRequest, id: FromPath[str]) -> Response[Any]:
    """Give the opinion, or correct it."""
    found, sent = await opened(room, id, to_do=True), await typed(request)
    given = sent.values.get(OPINION)
    raw = dict(given) if isinstance(given, dict) else {}
    held_by = holder_of(room, found)
    fields = found.wanted.form().fields()
    troubles = await uploads.receive(room, held_by, fields, raw, sent, prefix=f"{OPINION}.")
    if troubles:
        return await refused(room, found, OPINION, raw, Problems(found=troubles))
    answer = await give_opinion(
        room.host,
        found.record.reference,
        OpinionSubmission(
            task=found.task.id,
            raw=raw,
            actor=room.actor,
            seen=sent.number("seen") or 0,
            holder=held_by,
            check=still_does(room),
        ),
    )
    return await answered(room, id, OPINION, raw, answer, "avis")


@get(f"{TASK}/fichiers/{{file:str}}")
async def open_file(room: AtDesk, request: AnyRequest, id: FromPath[str], file: FromPath[str]) -> Stream:
    """A file that the task needs, or that came with an opinion that the person may read."""
    found, wanted = await opened(room, id), await kept(file)
    if wanted is None or wanted.request != found.record.id:
        raise NotFoundException("There is no such file.")
    if not await reads_file(room.viewer, found.record, found.request_type, room.host.jurisdictions, file):
        raise NotFoundException("There is no such file.")
    if SMALL not in request.query_params:
        room.logs_access(found.record, "file")
    return await handed_out(room.host, wanted, request=request, saving=SAVING in request.query_params)


def still_does(room: DeskContext) -> Any:
    """Asked under lock: a task may have been handed on since its page was opened."""

    async def check(here: Situation, asked: OpinionTask) -> Denied | None:
        return (
            None
            if does(room.viewer, asked, here.record, room.host.jurisdictions)
            else Denied(code="not_by_you", reason=NOT_YOURS)
        )

    return check


def holder_of(room: DeskContext, found: TaskView) -> str:
    return uploads.holder(room, found.record.reference, f"task {found.task.id}")


async def answered(
    room: DeskContext, id: str, form: str, values: Mapping[str, Any], answer: Any, done: str
) -> Response[Any]:
    """The page for whatever the use case answered."""
    if isinstance(answer, Record):
        task = await task_by_id(UUID(id))
        jurisdictions = room.host.jurisdictions
        if task is None or not (
            does(room.viewer, task, answer, jurisdictions) or sees(room.viewer, answer, jurisdictions)
        ):
            return go(f"{TASKS}?fait={done}#main")
        return go(f"{task_path(id)}?fait={done}#main")
    found = await opened(room, id)
    if isinstance(answer, Denied):
        attempt = Attempt(form=form, values=values, refused=answer.reason.to(room.language))
        return await show_task(room, found, attempt, status=409)
    return await refused(room, found, form, values, answer)


async def refused(
    room: DeskContext, found: TaskView, form: str, values: Mapping[str, Any], problems: Problems
) -> Response[Any]:
    """The same page with every problem at its question."""
    return await show_task(room, found, Attempt(form=form, values=values, problems=problems.within(form)), status=422)


async def show_task(
    room: DeskContext, found: TaskView, tried: Attempt = NOTHING_TRIED, *, status: int = 200
) -> Response[Any]:
    record, task = found.record, found.task
    colleagues = await agents(room.host.engine, room.town.code)
    people = {one.id: one.name for one in colleagues}
    reviews = await shown_reviews(room.host, record, found.request_type, room.viewer, file_path, people)
    everyone = [one for review in reviews for one in (*review.tasks, *review.earlier)]
    shown = next((one for one in everyone if one.id == task.id), None)
    corrected = found.mine and shown is not None and shown.versions
    before = last_of(await opinions_of(record.id), task.id) if corrected else None
    return room.show(
        "reviews/task.html",
        status=status,
        found=found,
        tried=tried,
        done=room.request.query_params.get("fait", ""),
        base=task_path(task.id),
        shown=shown,
        beside=[one for one in everyone if one.id != task.id],
        fields=found.wanted.form().fields(),
        values=_values(found, tried, before),
        kept=await _kept(room, found, tried, before),
        forms={"extend": EXTEND.fields(), "outside": OUTSIDE.fields(), "cancel": CANCEL.fields(), "hand": (REASON,)},
        units=list(unit_tree(room.town)),
        people=_people(room, colleagues),
        sees_request=sees(room.viewer, record, room.host.jurisdictions),
        title=say(found.wanted.title),
        unit=unit_name(room.town, task.unit),
        assignee_name=people.get(str(task.assignee), "") if task.assignee else "",
        state_words=state_words,
        task_path=task_path,
        readers=readers_words(found.wanted),
        panels=await _panels(room, found),
        **await _needs(found),
    )


async def _panels(room: DeskContext, found: TaskView) -> tuple[Panel, ...]:
    """Panels of other modules that the author of the opinion needs."""
    if not found.mine:
        return ()
    return await drawn(room.nouns(PagePanel, "desk.task"), room, found, lambda right: room.may(right, found.record))


async def _needs(found: TaskView) -> dict[str, Any]:
    """What the task shows its author of the request."""
    if not found.mine:
        return {"needed": None, "rows": [], "files": []}
    needed = await needed_for(found.record, found.request_type, found.wanted)
    files = {each.attachment.id: each.attachment for each in needed.files}
    told = [one for one in needed.answers if not isinstance(one.field, Photo | File)]
    return {
        "needed": needed,
        "rows": answer_rows([one.field for one in told], {one.field.code: one.value for one in told}, files),
        "files": [shown_file(file, file_path(found.task.id, file.id)) for file in files.values()],
    }


def readers_words(wanted: Task) -> str:
    """Who will read the opinion, for its author to know."""
    others = {
        "deciders": gettext("people who decide on the request"),
        "reviewers": gettext("people who give the other opinions"),
        "requester": gettext("the requester, once it is decided"),
    }
    named = [gettext("the person who gives it"), *(others[reader] for reader in wanted.readers)]
    return gettext("People who can read this opinion: %(who)s.") % {"who": format_list(named)}


def _values(found: TaskView, tried: Attempt, before: Opinion | None) -> dict[str, Any]:
    if tried.form == OPINION:
        return dict(tried.values)
    return raw_of(found.wanted.form().fields(), before.given) if before else {}


async def _kept(room: DeskContext, found: TaskView, tried: Attempt, before: Opinion | None) -> dict[str, Any]:
    """Files that came with an earlier press, or with the opinion that is corrected, to be shown again."""
    values = tried.values if tried.form == OPINION else before.given if before else {}
    known = await files_for(found.record, before, holder_of(room, found)) if values else {}
    return {
        f"{OPINION}.{code}": [known[id] for id in ids if isinstance(id, str) and id in known]
        for code, ids in values.items()
        if isinstance(ids, list)
    }


def _people(room: DeskContext, colleagues: tuple[Person, ...]) -> list[tuple[str, str]]:
    return [(one.id, one.name) for one in colleagues if can_work(one, room.town.code)]
