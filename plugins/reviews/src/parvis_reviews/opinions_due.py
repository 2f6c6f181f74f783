"""Reminders of opinions that will soon be due, are due today, or are overdue: the chore that sends them."""

from functools import partial
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.put_off import due
from parvis.requests.records import Record, get
from parvis_reviews.boards import board_of, cancel_open, moved_on
from parvis_reviews.review_letters import send
from parvis_reviews.review_tasks import declared, next_reminder, task_by_id
from parvis_reviews.tables import ReviewTask as TaskRow
from parvis_sdk.requests import Phase

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
    told = structs.replace(asked, reminders=asked.reminders + 1, remind_at=next_reminder(here.town, asked, here.at))
    tasks = (told if each.id == told.id else each for each in board.tasks)
    _, writes = moved_on(board, tasks, here, host)
    overdue = asked.due_at is not None and asked.due_at <= here.at
    body = {"review": review.code, "task": wanted.code, "overdue": overdue}
    return Change(
        line=Line(kind="reminded", audience="internal", body=body),
        writes=(*writes, partial(send, host, here, review, told, "overdue" if overdue else "reminded")),
    )
