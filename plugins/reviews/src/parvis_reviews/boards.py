"""A review as it stands under lock: its tasks, those whose turn has come, what its opinions come to."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID

from msgspec import Struct, structs

from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.requests.changing import Situation, Write
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import about
from parvis_reviews.review_letters import send_asked
from parvis_reviews.review_tasks import OpinionTask, Round, asked_now, rounds_of, tasks_of
from parvis_reviews.tables import OutsideKey
from parvis_reviews.tables import Review as ReviewRow
from parvis_reviews.tables import ReviewTask as TaskRow
from parvis_sdk.review_rules import CANCELLED, OPEN, come_to, turns_come
from parvis_sdk.reviews import Review
from parvis_sdk.text import Text

Facts = dict[str, dict[str, Text]]


class Board(Struct, frozen=True, kw_only=True):
    """One review of one request as it stands under lock: its last round, and the tasks of that round."""

    review: Review
    round: Round | None
    tasks: tuple[OpinionTask, ...]

    @property
    def is_open(self) -> bool:
        return self.round is not None and self.round.state == OPEN


async def board_of(request: UUID, review: Review, round: int | None = None) -> Board:
    """Read one review: its last round, or one of those before."""
    rounds = [each for each in await rounds_of(request) if each.code == review.code]
    found = next((each for each in reversed(rounds) if round is None or each.round == round), None)
    tasks = [each for each in await tasks_of(request) if found and each.review == review.code]
    here = tuple(each for each in tasks if found and each.round == found.round)
    return Board(review=review, round=found, tasks=here)


def moved_on(
    before: Board, tasks: Iterable[OpinionTask], here: Situation, host: Host
) -> tuple[Board, tuple[Write, ...]]:
    """The board with its tasks changed, those released whose turn has come, and what is to be written for that."""
    review, changed = before.review, tuple(tasks)
    turns = turns_come(review, changed)
    released = tuple(
        asked_now(task, declared, here.town, here.at)
        if task.state == "waiting" and declared is not None and task.task in turns
        else task
        for task in changed
        for declared in (review.task(task.task),)
    )
    was = {task.id: task for task in before.tasks}
    writes: list[Write] = []
    for task in released:
        if task != was.get(task.id):
            writes.append(partial(_keep, task, is_new=task.id not in was))
        if task.state == "asked" and (task.id not in was or was[task.id].state != "asked"):
            writes.append(partial(send_asked, host, here, review, task))
    return structs.replace(before, tasks=released), tuple(writes)


async def _keep(task: OpinionTask, *, is_new: bool) -> None:
    values = structs.asdict(task)
    if is_new:
        await insert_values(TaskRow, values)
    else:
        changed: Row = {name: value for name, value in values.items() if name != "id"}
        await TaskRow.update(changed | {"version": task.version + 1}).where(TaskRow.id == task.id)


def done_with(board: Board, here: Situation, host: Host) -> tuple[Facts, tuple[Write, ...]]:
    """The facts and writes of a round whose opinions have just come to something; none while they have not."""
    result = come_to(board.review, board.tasks)
    if result is None or board.round is None:
        return {}, ()
    # Who waits for others has not been asked yet, and is not any more; nobody is reminded of what nothing waits for.
    left = tuple(
        cancelled(task) if task.state == "waiting" else structs.replace(task, remind_at=None) for task in board.tasks
    )
    _, writes = moved_on(board, left, here, host)
    facts = about(board.review, result.value) | about(board.review, "done")
    return facts, (*writes, partial(_end_round, board.round.id, result.value, here.at))


async def _end_round(id: UUID, state: str, at: datetime) -> None:
    await ReviewRow.update({ReviewRow.state: state, ReviewRow.done_at: at}).where(ReviewRow.id == id)


def cancelled(task: OpinionTask) -> OpinionTask:
    return structs.replace(task, state=CANCELLED, remind_at=None)


async def cancel_open(request: UUID) -> None:
    """Inside a transaction: nobody is asked about a closed request any more, and no link opens anything of it."""
    waits = (TaskRow.request == request) & TaskRow.state.is_in(["waiting", "asked"])
    await TaskRow.update({TaskRow.state: CANCELLED, TaskRow.remind_at: None}).where(waits)
    still = (ReviewRow.request == request) & (ReviewRow.state == OPEN)
    await ReviewRow.update({ReviewRow.state: CANCELLED}).where(still)
    await OutsideKey.update({OutsideKey.revoked: True}).where(OutsideKey.request == request)
