"""The desk marks what is to be corrected or added, keeps that list while it is prepared, and sends it by a move."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.records import Record, as_json, locked
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import Information
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.quantities import day_of
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied, Mover, Transition
from parvis_supplements.lists import MarkedPoint, SupplementList, lists_of, prepared_of, write
from parvis_supplements.tables import Supplement as SupplementRow

MOST_WORDS = 2000
OTHER_POINT = "_other"  # how a problem names the point that is about no question
NOT_MARKABLE = Text(fr="Cette question ne peut pas être marquée.", en="This question cannot be marked.")
SAY_WHAT = Text(
    fr="Choisissez une raison, ou écrivez ce qu’il faut corriger.",
    en="Choose a reason, or write what is to be corrected.",
)
SAY_DETAIL = Text(
    fr="Cette raison a besoin d’une précision\u00a0: écrivez-la.", en="This reason needs a detail: write it."
)
TO_COME = Text(fr="Choisissez un jour à venir.", en="Choose a day to come.")
WORDS = Text(fr="Ce qu’il faut corriger", en="What is to be corrected")
NOTHING = Text(fr="Marquez au moins un point.", en="Mark at least one point.")


class Stale(Struct, frozen=True, kw_only=True):
    """A colleague has written the list since the version that a person saw; as it is now."""

    now: SupplementList | None


def supplement_of(request_type: RequestType, code: str) -> Supplement | None:
    """The supplement of that code."""
    return request_type.part(Supplement, code)


def asking(request_type: RequestType, code: str, state: str) -> Transition | None:
    """The move that sends the list of this supplement from a state; None where there is none."""
    return next(
        (
            each
            for each in request_type.workflow.transitions
            if state in each.sources and asks_for(request_type, each) == code
        ),
        None,
    )


def asks_for(request_type: RequestType, transition: Transition) -> str:
    """The code of the supplement whose list a move sends; empty when it sends none."""
    facts = request_type.workflow.brought_by(transition)
    return next((each.code for each in request_type.of(Supplement) if each.fact("asked") in facts), "")


async def mark(
    host: Host, reference: str, code: str, points: Sequence[Point], due_on: str = "", *, seen: int | None = None
) -> SupplementList | Problems | Stale:
    """Keep the list as far as it is prepared; nothing is sent. `seen` is the version of the list that was worked on."""
    async with transaction(host.engine):
        record = await locked(host, reference)
        if record is None or record.erased_at is not None:
            raise LookupError(reference)
        request_type = await type_of_record(host, record)
        here = Situation(
            record=record,
            request_type=request_type,
            town=host.jurisdictions.jurisdiction(record.jurisdiction),
            at=clock.now(),
        )
        kept = await _keep(here, code, points, due_on, seen)
    if isinstance(kept, Problems | Stale):
        return kept
    listed = prepared_of(await lists_of(record.id), code)
    if listed is None:
        raise LookupError(code)
    return listed


async def ask(
    host: Host,
    reference: str,
    code: str,
    points: Sequence[Point],
    due_on: str = "",
    *,
    transition: str,
    raw: Mapping[str, Any],
    actor: Actor,
    mover: Mover,
    seen: int | None = None,
    expected: int | None = None,
    holder: str = "",
) -> Record | Denied | Problems | Conflict | Stale:
    """Send the list: the requester is told, the town waits, the clock rests. Sent once, whoever presses again."""

    async def plan(here: Situation) -> Change | Denied | Problems | Stale:
        if not points:
            return Problems(found=(Problem(path="points", code="required", message=NOTHING),))
        kept = await _keep(here, code, points, due_on, seen)
        if kept is not None:
            return kept
        return await plan_move(host, transition, raw, actor, mover, holder, here)

    return await change(host, reference, plan, actor=actor, expected=expected)


async def _keep(
    here: Situation, code: str, points: Sequence[Point], due_on: str, seen: int | None
) -> Problems | Stale | None:
    """Inside a transaction: write the prepared list; None when it is written."""
    supplement = supplement_of(here.request_type, code)
    if supplement is None:
        return Problems(found=(problem("not_offered", "code", label=code),))
    points = [structs.replace(each, words=clean(each.words).strip()) for each in points]
    if wrong := _wrong(here, supplement, points, due_on):
        return Problems(found=wrong)
    lists = await lists_of(here.record.id)
    before = prepared_of(lists, code)
    if before is not None and seen is not None and before.version != seen:
        return Stale(now=before)
    values: Row = {
        "points": as_json([MarkedPoint(point=each) for each in points]),
        "due_on": due_on,
        "changed_at": here.at,
    }
    if before is not None:
        await write(before.id, values | {"version": before.version + 1})
        return None
    number = 1 + sum(each.code == code for each in lists)
    await insert_values(SupplementRow, _new(here, code, number) | values)
    return None


def _new(here: Situation, code: str, number: int) -> Row:
    nothing: Row = dict.fromkeys(("asked_at", "due_at", "next_at"))
    row: Row = {"id": new_id(), "request": here.record.id, "code": code, "number": number, "state": "prepared"}
    return row | nothing | {"version": 1, "draft": "", "holder": "", "told": 0}


def _wrong(here: Situation, supplement: Supplement, points: Sequence[Point], due_on: str) -> tuple[Problem, ...]:
    found: list[Problem] = []
    known = {field.code for field in here.request_type.form.fields() if not isinstance(field, Information)}
    for point in points:
        at = partial(Problem, path=point.field or OTHER_POINT)
        reason = supplement.reason(point.reason)
        if (point.field and point.field not in known) or not supplement.may_be_marked(point.field):
            found.append(at(code="not_offered", message=NOT_MARKABLE))
        elif point.reason and (reason is None or reason not in supplement.reasons_for(point.field)):
            found.append(at(code="not_offered", message=SAY_WHAT))
        elif not point.words and (reason is None or reason.wants_detail):
            found.append(at(code="required", message=SAY_DETAIL if reason else SAY_WHAT))
        elif len(point.words) > MOST_WORDS:
            found.append(
                problem("too_long", point.field or OTHER_POINT, label=WORDS, limit=MOST_WORDS, count=len(point.words))
            )
    if due_on and not _is_to_come(here, due_on):
        found.append(Problem(path="due_on", code="past", message=TO_COME))
    return tuple(found)


def _is_to_come(here: Situation, day: str) -> bool:
    read = day_of(day)
    return read is not None and read.isoformat() == day and read > local_day(here.town.calendar, here.at)
