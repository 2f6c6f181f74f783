"""Opinions at the pretend desk: requested by a transition in order, given, cancelled, combined into a result."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs

from parvis_sdk.days import local_day
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Attachment, Phase, Town
from parvis_sdk.review_rules import (
    CANCELLED,
    DEEMED,
    NO_LONGER,
    NOT_THERE,
    NOT_YET,
    asked_of,
    come_to,
    goes_on_standing,
    is_due_again,
    is_only_noted,
    rests_on,
    turns_come,
    words_of,
)
from parvis_sdk.reviews import Review
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import (
    Effects,
    Facts,
    PretendKind,
    Situation,
    add,
    business_days_after,
    put,
)
from parvis_sdk.testing.pretend.states import OpinionTask, Round
from parvis_sdk.workflow import Denied


def _bring(here: Situation, review: Review, word: str) -> Effects:
    place = last_place(here.case, review.code)
    found = here.case.rounds[place] if place is not None else None
    was_open = found is not None and found.is_open
    there = found if found is not None and was_open else Round(review=review.code)
    wanted = [task.code for task in asked_of(review, here.answers)]
    rest = {task.code: rests_on(task, here.answers, here.case.submission.place) for task in review.tasks}
    kept = [
        structs.replace(each, state=CANCELLED) if _unwanted(each, wanted) else _still(each, rest[each.task])
        for each in there.tasks
    ]
    known = {each.task for each in kept if each.state != CANCELLED}
    before = {each.task: each for each in found.tasks} if found is not None and not was_open else {}
    new = (_asked(code, rest[code], before.get(code)) for code in wanted if code not in known)
    tasks = (*kept, *new)
    became, facts = _done(review, structs.replace(there, tasks=_released(here, review, tasks)))
    write = put(here.case.rounds, place, became) if was_open and place is not None else add(here.case.rounds, became)
    return Effects(writes=(write,), facts=facts or ({} if was_open else {review.fact("open"): {}}))


def _still(task: OpinionTask, now: str) -> OpinionTask:
    """The same while it stands by what it depends on; else it is asked for again."""
    if is_due_again(task.state, task.rests_on, now):
        return OpinionTask(task=task.task, rests_on=now)
    return structs.replace(task, rests_on=now) if task.state in ("waiting", "asked") else task


def _asked(code: str, now: str, before: OpinionTask | None) -> OpinionTask:
    stands = before is not None and goes_on_standing(before.state, before.rests_on, now)
    return before if before is not None and stands else OpinionTask(task=code, rests_on=now)


def _unwanted(task: OpinionTask, wanted: list[str]) -> bool:
    return task.state in ("waiting", "asked") and task.task not in wanted


def _released(here: Situation, review: Review, tasks: Iterable[OpinionTask]) -> tuple[OpinionTask, ...]:
    """The same with those asked whose turn has come."""
    there = tuple(tasks)
    turns, days = turns_come(review, there), {task.code: task.days for task in review.tasks}
    return tuple(
        structs.replace(each, state="asked", asked_at=here.at, due_at=business_days_after(here.at, days[each.task]))
        if each.state == "waiting" and each.task in turns
        else each
        for each in there
    )


def _done(review: Review, round: Round) -> tuple[Round, Facts]:
    """The round once its opinions have come to something, and what is then true; as it is while they have not."""
    result = come_to(review, round.tasks)
    if result is None:
        return round, {}
    left = tuple(structs.replace(each, state=CANCELLED) if each.state == "waiting" else each for each in round.tasks)
    facts: Facts = {review.fact(result.value): {}, review.fact("done"): {}}
    return structs.replace(round, state=result.value, tasks=left), facts


def give(
    here: Situation, code: str, raw: Mapping[str, Any], files: Mapping[str, Attachment] | None
) -> Effects | Denied | Problems:
    """Gives or corrects the opinion on a task."""
    place = task_place(here.case, code)
    if place is None:
        return Denied(code="unknown", reason=NOT_THERE)
    round, asked = here.case.rounds[place[0]], here.case.rounds[place[0]].tasks[place[1]]
    if asked.state == "waiting":
        return Denied(code="not_yet", reason=NOT_YET)
    phase = here.request_type.workflow.state(here.case.state).phase
    if asked.state == CANCELLED or phase is Phase.CLOSED:
        return Denied(code="not_possible", reason=NO_LONGER)
    review = _declared(here, round)
    task = review.task(code)
    assert task is not None
    read = task.form().read(raw, today=local_day(here.town, here.at), attachments=files)
    if isinstance(read, Problems):
        return read
    if asked.given == read.answers:
        return Effects()  # sent twice
    if is_only_noted(task, asked.state):
        noted = structs.replace(asked, given=read.answers, late=True)
        return Effects(writes=(_changed(here, place[0], noted),))
    given = structs.replace(
        asked,
        state="given",
        given=read.answers,
        given_at=here.at,
        recommendation=str(read.answers["recommendation"]),
        late=asked.late or (not round.is_open and asked.state != "given"),
    )
    fact = review.fact(f"given_{code}")
    return Effects(writes=(_changed(here, place[0], given),), facts={fact: {}}, untold=frozenset({fact}))


def drop(here: Situation, code: str) -> Effects | Denied:
    """Cancels an opinion; the remaining ones may then have an overall result."""
    place = task_place(here.case, code)
    task = here.case.rounds[place[0]].tasks[place[1]] if place else None
    if place is None or task is None or task.state not in ("waiting", "asked"):
        return Denied(code="not_possible", reason=NO_LONGER)
    return Effects(writes=(_changed(here, place[0], structs.replace(task, state=CANCELLED)),))


def join(here: Situation) -> Effects:
    """The overall result of the opinions after a new one, as effects."""
    effects = Effects()
    for place, round in enumerate(here.case.rounds):
        became, facts = _done(_declared(here, round), round) if round.is_open else (round, {})
        if facts:
            effects = Effects(
                writes=(*effects.writes, put(here.case.rounds, place, became)), facts=effects.facts | facts
            )
    return effects


def _changed(here: Situation, place: int, task: OpinionTask) -> Any:
    round = here.case.rounds[place]
    tasks = [task if each.task == task.task and each.state != CANCELLED else each for each in round.tasks]
    released = _released(here, _declared(here, round), tasks)
    return put(here.case.rounds, place, structs.replace(round, tasks=released))


def _declared(here: Situation, round: Round) -> Review:
    review = here.request_type.part(Review, round.review)
    assert review is not None
    return review


def last_place(case: Case, code: str) -> int | None:
    """Where the last round of a review stands."""
    return max((place for place, each in enumerate(case.rounds) if each.review == code), default=None)


def task_place(case: Case, code: str) -> tuple[int, int] | None:
    """Where the task of that code stands: the last round that has it, and its place in there."""
    places = [
        (place, number)
        for place, round in enumerate(case.rounds)
        for number, task in enumerate(round.tasks)
        if task.task == code
    ]
    return max(places, default=None)


def _standing(case: Case, now: datetime) -> Iterator[str]:
    for review in case.request_type.of(Review):
        place = last_place(case, review.code)
        if place is not None:
            round = case.rounds[place]
            yield from (review.fact(word) for word in words_of(round.state, round.tasks))


def _end(case: Case) -> None:
    """Nobody is asked about a closed request any more."""
    case.rounds = [_cancelled(round) for round in case.rounds]


def _cancelled(round: Round) -> Round:
    tasks = tuple(
        structs.replace(each, state=CANCELLED) if each.state in ("waiting", "asked") else each for each in round.tasks
    )
    return structs.replace(round, tasks=tasks, state=CANCELLED if round.is_open else round.state)


def _silences(case: Case) -> Iterator[tuple[int, Review, OpinionTask, datetime, str]]:
    """What silence comes to next for each opinion that is awaited, and when: "escalated" or "deemed"."""
    for place, round in enumerate(case.rounds):
        review = case.request_type.part(Review, round.review)
        for each in round.tasks if round.is_open and review is not None else ():
            wanted = review.task(each.task) if review is not None else None
            silence = wanted.silence if wanted is not None else None
            if review is None or silence is None or each.state != "asked" or not each.asked_at or not each.due_at:
                continue
            shares = silence.escalate[each.escalated : each.escalated + 1]
            for share in shares:
                yield place, review, each, each.asked_at + (each.due_at - each.asked_at) * share / 100, "escalated"
            if not shares and silence.deemed is not None:
                yield place, review, each, each.due_at, DEEMED


def _moment(case: Case, town: Town) -> datetime | None:
    return min((*(at for _, _, _, at, _ in _silences(case)), *_joined_by_silence(case)), default=None)


def _joined_by_silence(case: Case) -> Iterator[datetime]:
    """When an opinion was deemed to be given that brings all of them to something, which is still to be said."""
    for round in case.rounds:
        review = case.request_type.part(Review, round.review)
        deemed = [each.due_at for each in round.tasks if each.state == DEEMED and each.due_at is not None]
        if deemed and round.is_open and review is not None and come_to(review, round.tasks) is not None:
            yield max(deemed)


def _wake(here: Situation) -> Effects:
    if any(at <= here.at for at in _joined_by_silence(here.case)):
        return join(here)
    for place, review, task, at, word in _silences(here.case):
        if at > here.at:
            continue
        became = structs.replace(task, escalated=task.escalated + 1)
        wanted = review.task(task.task)
        if word == DEEMED and wanted is not None and wanted.silence is not None and wanted.silence.deemed is not None:
            became = structs.replace(task, state=DEEMED, recommendation=wanted.silence.deemed.value)
        fact = review.fact(f"{word}_{task.task}")
        return Effects(writes=(_changed(here, place, became),), facts={fact: {}}, untold=frozenset({fact}))
    return Effects()


REVIEWS = PretendKind(noun=Review, bring=_bring, standing=_standing, moment=_moment, wake=_wake, end=_end)
