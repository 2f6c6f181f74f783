"""What people do with a task besides giving its opinion: take it, hand it on, ask outside, extend, no longer ask."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Situation, Write, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_reviews.boards import board_of, cancelled, moved_on
from parvis_reviews.opinions import Check, join_review
from parvis_reviews.outside_keys import keep_open, revoke_keys
from parvis_reviews.review_letters import send
from parvis_reviews.review_tasks import OpinionTask, declared, escalations, tasks_of
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.review_rules import NO_LONGER, NOT_THERE
from parvis_sdk.reviews import Review
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST_WORDS = 2000
REASON = Text(fr="Raison", en="Reason")
WHO = Text(fr="Attribuer à", en="Assign to")
NOT_PAST = Text(fr="Choisissez une date à venir.", en="Choose a future date.")
GIVEN = Text(fr="Cet avis est déjà donné.", en="This opinion has already been given.")
CHANGED = Text(
    fr="Une autre personne a modifié cette tâche entre-temps. Vérifiez-la.",
    en="Somebody changed this task in the meantime. Check it.",
)
NOT_ASKED = Text(
    fr="Cet avis attend encore les avis précédents.",
    en="This opinion is still waiting for previous ones.",
)


class TaskChange(Struct, frozen=True, kw_only=True):
    """What becomes of a task, and what its history says of it."""

    task: OpinionTask
    did: str
    body: dict[str, Any] = {}
    writes: tuple[Write, ...] = ()


class TaskArrangement(Struct, frozen=True, kw_only=True):
    """Who arranges which task, at which version they saw it, and why; `check` is asked under lock."""

    task: UUID
    actor: Actor
    reason: str = ""
    seen: int | None = None
    check: Check | None = None


Step = Callable[[Situation, Review, OpinionTask], Awaitable[TaskChange | Denied | Problems]]


async def take_task(
    host: Host, reference: str, arranging: TaskArrangement, *, email: str
) -> Record | Denied | Problems:
    """Take a task on oneself."""

    async def step(here: Situation, review: Review, asked: OpinionTask) -> TaskChange:
        mine = structs.replace(asked, assignee=UUID(arranging.actor.id), assignee_email=email)
        return TaskChange(task=mine, did="taken")

    return await _arrange(host, reference, arranging, step)


class Receiver(Struct, frozen=True, kw_only=True):
    """To whom a task is handed: a unit, a person of it, or with `outside` a body at the address `email`."""

    unit: str = ""
    assignee: UUID | None = None
    name: str = ""
    email: str = ""
    outside: bool = False
    language: str = "fr"


async def hand_task(host: Host, reference: str, arranging: TaskArrangement, to: Receiver) -> Record | Denied | Problems:
    """Reassign a task to another unit or person, or to an outside body; links sent for it stop working."""

    async def step(here: Situation, review: Review, asked: OpinionTask) -> TaskChange | Problems:
        unit = to.unit or asked.unit
        if here.town.unit(unit) is None:
            return Problems(found=(problem("not_offered", "unit", label=unit),))
        if to.outside and not (to.name and to.email):
            return Problems(found=(problem("required", "name" if to.email else "email", label=WHO),))
        handed = structs.replace(
            asked,
            unit=unit,
            assignee=None if to.outside else to.assignee,
            assignee_email="" if to.outside else to.email,
            body=clean(to.name).strip()[:120] if to.outside else "",
            email=to.email if to.outside else "",
            language=to.language if to.outside else "fr",
        )
        writes: tuple[Write, ...] = (partial(revoke_keys, asked.id),)
        if handed.state == "asked":
            writes += (partial(send, host, here, review, handed, "asked"),)
        body = {"unit": unit, "who": to.name} if to.name else {"unit": unit}
        return TaskChange(task=handed, did="delegated" if to.outside else "handed", body=body, writes=writes)

    return await _arrange(host, reference, arranging, step)


async def extend_task(
    host: Host, reference: str, arranging: TaskArrangement, due_at: datetime
) -> Record | Denied | Problems:
    """Give more time for an opinion, with a reason."""

    async def step(here: Situation, review: Review, asked: OpinionTask) -> TaskChange | Denied | Problems:
        if asked.state != "asked":
            return Denied(code="not_yet", reason=NOT_ASKED)
        found: list[Problem] = []
        if due_at <= here.at:
            found.append(Problem(path="day", code="past", message=NOT_PAST))
        if not clean(arranging.reason).strip():
            found.append(problem("required", "reason", label=REASON))
        if found:
            return Problems(found=tuple(found))
        later = structs.replace(asked, due_at=due_at, reminders=0)
        wanted = review.task(asked.task)
        slow = [moment for moment in escalations(here.town, later, wanted) if moment > here.at] if wanted else []
        later = structs.replace(later, remind_at=min((*slow, due_at)))
        before = asked.due_at.isoformat() if asked.due_at else ""
        body = {"due_at": due_at.isoformat(), "due_before": before}
        return TaskChange(task=later, did="extended", body=body, writes=(partial(keep_open, asked.id, due_at),))

    return await _arrange(host, reference, arranging, step)


async def cancel_task(host: Host, reference: str, arranging: TaskArrangement) -> Record | Denied | Problems:
    """Ask for an opinion no longer, with a reason; the others may thereby have come to something."""

    async def step(here: Situation, review: Review, asked: OpinionTask) -> TaskChange | Problems:
        if not clean(arranging.reason).strip():
            return Problems(found=(problem("required", "reason", label=REASON),))
        return TaskChange(task=cancelled(asked), did="cancelled", writes=(partial(revoke_keys, asked.id),))

    return await _arrange(host, reference, arranging, step)


async def renew_link(host: Host, reference: str, arranging: TaskArrangement) -> Record | Denied | Problems:
    """Withdraw the private link of a task and mail a new one."""

    async def step(here: Situation, review: Review, asked: OpinionTask) -> TaskChange | Denied:
        if not asked.email or asked.state != "asked":
            return Denied(code="not_possible", reason=NOT_THERE)
        writes: tuple[Write, ...] = (
            partial(revoke_keys, asked.id),
            partial(send, host, here, review, asked, "asked"),
        )
        return TaskChange(task=_noticed(asked), did="sent", writes=writes)

    return await _arrange(host, reference, arranging, step)


async def revoke_link(host: Host, reference: str, arranging: TaskArrangement) -> Record | Denied | Problems:
    """Withdraw the private link of a task; its opinion may still be written down at the desk."""

    async def step(here: Situation, review: Review, asked: OpinionTask) -> TaskChange:
        return TaskChange(task=_noticed(asked), did="revoked", writes=(partial(revoke_keys, asked.id),))

    return await _arrange(host, reference, arranging, step)


def _noticed(asked: OpinionTask) -> OpinionTask:
    """The same task at a version of its own: a link withdrawn by one is not opened again by another unseen."""
    return structs.replace(asked, version=asked.version + 1)


async def _arrange(host: Host, reference: str, arranging: TaskArrangement, step: Step) -> Record | Denied | Problems:
    answer = await change(host, reference, partial(_plan, host, arranging, step), actor=arranging.actor)
    if isinstance(answer, Record | Denied | Problems):
        return answer
    raise TypeError("a task is arranged against its own version, not its request's")


async def _plan(host: Host, arranging: TaskArrangement, step: Step, here: Situation) -> Change | Denied | Problems:
    asked = next((each for each in await tasks_of(here.record.id) if each.id == arranging.task), None)
    found = declared(here.request_type, asked) if asked else None
    if asked is None or found is None:
        return Denied(code="unknown", reason=NOT_THERE)
    if not asked.is_open:
        return Denied(code="not_possible", reason=GIVEN if asked.state == "given" else NO_LONGER)
    if arranging.check is not None and (refused := await arranging.check(here, asked)):
        return refused
    if arranging.seen is not None and arranging.seen != asked.version:
        return Denied(code="not_possible", reason=CHANGED)
    review = found[0]
    arranged = await step(here, review, asked)
    if not isinstance(arranged, TaskChange):
        return arranged
    board = await board_of(here.record.id, review, asked.round)
    tasks = (arranged.task if each.id == asked.id else each for each in board.tasks)
    _, moving = moved_on(board, tasks, here, host)
    said = clean(arranging.reason).strip()[:MOST_WORDS]
    body = {"review": review.code, "task": asked.task, "did": arranged.did, **arranged.body}
    return Change(
        line=Line(kind="task", audience="internal", body=body, personal={"words": said} if said else None),
        writes=(*moving, *arranged.writes),
        then=partial(join_review, host, review.code),
    )
