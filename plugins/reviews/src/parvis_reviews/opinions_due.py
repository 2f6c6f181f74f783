"""Opinions that are awaited: reminders, pointing out the slow ones, and what comes of silence; the chore for it."""

from functools import partial
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.lifecycle import happenings
from parvis.requests.put_off import due
from parvis.requests.records import Record, get
from parvis_reviews.boards import Board, board_of, cancel_open, moved_on
from parvis_reviews.opinions import followed
from parvis_reviews.review_letters import send, send_slow
from parvis_reviews.review_tasks import OpinionTask, declared, escalations, next_look, task_by_id
from parvis_reviews.tables import ReviewTask as TaskRow
from parvis_sdk.requests import Phase
from parvis_sdk.review_rules import DEEMED, deemed_words
from parvis_sdk.reviews import Review

BATCH = 200


async def remind_reviewers(host: Host) -> int:
    """Write to those whose opinion is awaited, when it is time to; how many were written to."""
    if not (requests := await due(host, TaskRow, "remind_at")):
        return 0
    ripe = (TaskRow.remind_at <= clock.now()) & TaskRow.request.is_in(requests)
    rows = await TaskRow.select(TaskRow.id, TaskRow.request).where(ripe).order_by(TaskRow.remind_at).limit(BATCH)
    reminded = 0
    for row in rows:
        record = await get(host, row["request"])
        try:
            became = await change(host, record.reference, partial(_plan, host, row["id"]), actor=SYSTEM)
        except AlreadyErased:
            async with transaction(host.engine):
                await cancel_open(row["request"])
            continue
        reminded += isinstance(became, Record)
    return reminded


async def _plan(host: Host, id: UUID, here: Situation) -> Change | None:
    # Judged anew under lock: it may have been given, extended or reminded of since we looked.
    if here.record.phase is Phase.CLOSED:
        await cancel_open(here.record.id)  # it was closed while this code was not installed
        return None
    asked = await task_by_id(id)
    if asked is None or asked.remind_at is None or asked.remind_at > here.at or asked.state != "asked":
        return None
    found = declared(here.request_type, asked)
    board = await board_of(here.record.id, found[0], asked.round) if found else None
    if found is None or board is None:
        return None
    review, wanted = found
    overdue = asked.due_at is not None and asked.due_at <= here.at
    if overdue and wanted.silence is not None and wanted.silence.deemed is not None:
        return _deemed(host, here, review, asked, board)
    if any(moment <= here.at for moment in escalations(here.town, asked, wanted)):
        return _escalated(host, here, review, asked, board)
    return _reminded(host, here, review, asked, board, overdue=overdue)


def _reminded(
    host: Host, here: Situation, review: Review, asked: OpinionTask, board: Board, *, overdue: bool
) -> Change | None:
    wanted = review.task(asked.task)
    if wanted is None:
        return None
    told = structs.replace(asked, reminders=asked.reminders + 1, remind_at=next_look(here.town, asked, wanted, here.at))
    tasks = (told if each.id == told.id else each for each in board.tasks)
    _, writes = moved_on(board, tasks, here, host)
    body = {"review": review.code, "task": wanted.code, "overdue": overdue}
    return Change(
        line=Line(kind="reminded", audience="internal", body=body),
        writes=(*writes, partial(send, host, here, review, told, "overdue" if overdue else "reminded")),
    )


def _escalated(host: Host, here: Situation, review: Review, asked: OpinionTask, board: Board) -> Change | None:
    """The person responsible is told that an opinion is slow; once, however many moments were missed."""
    wanted = review.task(asked.task)
    if wanted is None or wanted.silence is None:
        return None
    ripe = sum(moment <= here.at for moment in escalations(here.town, asked, wanted))
    told = structs.replace(asked, escalated=asked.escalated + ripe)
    share = wanted.silence.escalate[told.escalated - 1]
    before = asked.remind_at if asked.remind_at is not None else here.at
    told = structs.replace(told, remind_at=next_look(here.town, told, wanted, before))
    _, writes = moved_on(board, (told if each.id == told.id else each for each in board.tasks), here, host)
    fact = review.fact(f"escalated_{asked.task}")
    return Change(
        line=Line(
            kind="reminded", audience="internal", body={"review": review.code, "task": asked.task, "escalated": share}
        ),
        events=happenings(here, {fact: {}}, SYSTEM, tell=False),
        writes=(*writes, partial(send_slow, host, here, review, told)),
        then=partial(followed, host, review.code, fact),
    )


def _deemed(host: Host, here: Situation, review: Review, asked: OpinionTask, board: Board) -> Change | None:
    """An opinion that has not come is from now on what the rule makes of silence; its requester reads so too."""
    wanted = review.task(asked.task)
    words = deemed_words(wanted) if wanted else None
    if wanted is None or wanted.silence is None or wanted.silence.deemed is None or words is None:
        return None
    deemed = wanted.silence.deemed.value
    told = structs.replace(asked, state=DEEMED, recommendation=deemed, remind_at=None)
    _, writes = moved_on(board, (told if each.id == told.id else each for each in board.tasks), here, host)
    fact = review.fact(f"deemed_{asked.task}")
    body = {"review": review.code, "task": asked.task, "deemed": deemed, "said": words}
    return Change(
        line=Line(kind="opinion", audience="requester", body=body),
        events=happenings(here, {fact: {}}, SYSTEM, tell=False),
        writes=writes,
        then=partial(followed, host, review.code, fact),
    )
