"""The opinions asked for together: who is asked, in which order, what they come to, what a closed request leaves."""

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import structs

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions.places import locate
from parvis.requests.changing import Situation, Write
from parvis.requests.parts.part_kinds import (
    DateColumn,
    EffectContext,
    Effects,
    LaterDates,
    PartArchive,
    PartKind,
    TimeAway,
    about,
)
from parvis.requests.records import Record
from parvis_reviews.boards import Board, board_of, cancel_open, cancelled, done_with, moved_on
from parvis_reviews.opinions import carry
from parvis_reviews.opinions_read import opinions_for
from parvis_reviews.review_needs import reads_file
from parvis_reviews.review_tasks import OpinionTask, Round
from parvis_reviews.tables import Opinion, OutsideKey
from parvis_reviews.tables import Review as ReviewRow
from parvis_reviews.tables import ReviewTask as TaskRow
from parvis_reviews.town_reviewers import REVIEWERS, Reviewer
from parvis_sdk.request_types import RequestType
from parvis_sdk.review_rules import CANCELLED, OPEN, asked_of, goes_on_standing, is_due_again, rests_on, words_of
from parvis_sdk.reviews import Review
from parvis_sdk.text import Text


async def _bring(bringing: EffectContext, review: Review, word: str) -> Effects:
    here, host = bringing.here, bringing.host
    found = await board_of(here.record.id, review)
    board, writes = (found, ()) if found.is_open else _anew(found, here)
    wanted, rest = _wanted(review, bringing), _rest_on(review, bringing)
    kept = tuple(
        _still(task, rest) if task.task in wanted else cancelled(task) if task.is_open else task for task in board.tasks
    )
    there = {task.task for task in kept if task.state != CANCELLED}
    number = board.round.round if board.round else 1
    new = tuple(_task(here, review, number, code, who, rest) for code, who in wanted.items() if code not in there)
    before = () if found.is_open else found.tasks
    standing = {
        each.task: each for each in before if goes_on_standing(each.state, each.rests_on, rest.get(each.task, ""))
    }
    new = tuple(_carried(each, standing[each.task]) if each.task in standing else each for each in new)
    board, more = moved_on(board, (*kept, *new), here, host)
    copies = tuple(partial(carry, standing[each.task].id, each.id) for each in new if each.task in standing)
    facts, ending = done_with(board, here, host)
    opened = {} if found.is_open else about(review, OPEN)
    return Effects(writes=(*writes, *more, *copies, *ending), facts=facts or opened)


def _rest_on(review: Review, bringing: EffectContext) -> dict[str, str]:
    """The digest of the answers that each task depends on, as they stand with this move."""
    return {task.code: rests_on(task, bringing.answers, bringing.here.record.place) for task in review.tasks}


def _still(task: OpinionTask, rest: Mapping[str, str]) -> OpinionTask:
    """The same while it stands by what it depends on; else it is asked for again, and its former opinion is kept."""
    now = rest[task.task]
    if is_due_again(task.state, task.rests_on, now):
        task = structs.replace(task, state="waiting", recommendation="", given_at=None, late=False)
    return structs.replace(task, rests_on=now) if task.is_open else task


def _carried(new: OpinionTask, before: OpinionTask) -> OpinionTask:
    kept = {"id": new.id, "round": new.round, "version": 1, "opinions": min(before.opinions, 1)}
    return structs.replace(before, **kept)


def _anew(found: Board, here: Situation) -> tuple[Board, tuple[Write, ...]]:
    number = found.round.round + 1 if found.round else 1
    row = Round(
        id=new_id(),
        request=here.record.id,
        code=found.review.code,
        round=number,
        state=OPEN,
        opened_at=here.at,
        done_at=None,
    )
    write = partial(insert_values, ReviewRow, structs.asdict(row))
    return Board(review=found.review, round=row, tasks=()), (write,)


def _wanted(review: Review, bringing: EffectContext) -> dict[str, Reviewer]:
    """Who is asked, by task: only where its condition holds, and where the town has it asked."""
    here = bringing.here
    zones, said = _zones(here), REVIEWERS.of(here.town)
    wanted = {}
    for task in asked_of(review, bringing.answers):
        who = said.get(task.code, Reviewer())
        if not who.asked or (who.zones and not zones.intersection(who.zones)):
            continue
        own = (who.unit,) if who.email else (who.unit, task.unit, task.code)
        unit = next((code for code in own if here.town.unit(code)), here.record.unit)
        wanted[task.code] = structs.replace(who, unit=unit)
    return wanted


def _zones(here: Situation) -> frozenset[str]:
    record = here.record
    if record.lon is None or record.lat is None:
        return frozenset({record.zone})
    return frozenset(locate(here.town, record.lon, record.lat).zone_codes)


def _task(
    here: Situation, review: Review, number: int, code: str, who: Reviewer, rest: Mapping[str, str]
) -> OpinionTask:
    return OpinionTask(
        id=new_id(),
        request=here.record.id,
        jurisdiction=here.record.jurisdiction,
        review=review.code,
        task=code,
        round=number,
        unit=who.unit,
        body=who.name.to(who.language)[:120] if who.email else "",
        email=who.email,
        language=who.language,
        state="waiting",
        rests_on=rest[code],
    )


async def _standing(record: Record, request_type: RequestType) -> frozenset[str]:
    standing: set[str] = set()
    for review in request_type.of(Review):
        board = await board_of(record.id, review)
        if board.round is not None:
            standing |= {review.fact(word) for word in words_of(board.round.state, board.tasks)}
    return frozenset(standing)


async def _end(bringing: EffectContext) -> tuple[Write, ...]:
    return (partial(cancel_open, bringing.here.record.id),)


async def _forget(request: UUID) -> None:
    await cancel_open(request)
    gone: Row = {Opinion.given: "", Opinion.salt: "", Opinion.actor_name: ""}
    await Opinion.update(gone).where(Opinion.request == request)
    nobody: Row = {TaskRow.body: "", TaskRow.email: "", TaskRow.assignee_email: "", TaskRow.rests_on: ""}
    await TaskRow.update(nobody).where(TaskRow.request == request)
    await OutsideKey.delete().where(OutsideKey.request == request)


async def _put_off(away: TimeAway) -> LaterDates:
    awaited = (TaskRow.request == away.here.record.id) & (TaskRow.state == "asked")
    rows = await TaskRow.select(TaskRow.id, TaskRow.due_at, TaskRow.remind_at).where(awaited)
    return LaterDates(tuple(partial(_ask_later, away, row) for row in rows if away.moves(row["due_at"])), ())


async def _ask_later(away: TimeAway, row: dict[str, Any]) -> None:
    ahead = row["remind_at"] + timedelta(days=away.days) if row["remind_at"] else None
    later = row["due_at"] + timedelta(days=away.days)
    await TaskRow.update({TaskRow.due_at: later, TaskRow.remind_at: ahead}).where(TaskRow.id == row["id"])


PART_KINDS = (
    PartKind(
        noun=Review,
        title=Text(fr="Avis", en="Opinions"),
        bring=_bring,
        standing=_standing,
        forget=_forget,
        end=_end,
        dates=(DateColumn(TaskRow, "due_at", "d.state = 'asked'"),),
        put_off=_put_off,
        rows=ReviewRow,
        reads_file=reads_file,
        archive=PartArchive(name="opinions", of=opinions_for),
    ),
)
