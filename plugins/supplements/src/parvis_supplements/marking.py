"""The desk marks what is to be corrected or added, keeps that list while it is prepared, and sends it by a move."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, structs

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import Row
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.records import Record, as_json, locked
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplement_rules import NOTHING, MarkedPoint, wrong_points
from parvis_sdk.supplements import Point, Supplement
from parvis_sdk.workflow import Denied, Mover, Transition
from parvis_supplements.lists import SupplementList, lists_of, new_row, prepared_of, write
from parvis_supplements.tables import Supplement as SupplementRow


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
    """Send the list: the requester is told, the request waits, its clocks pause. A second press sends nothing."""

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
    fields, today = here.request_type.form.fields(), local_day(here.town.calendar, here.at)
    if wrong := wrong_points(supplement, fields, points, due_on, today):
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
    await insert_values(SupplementRow, new_row(here, code, number) | values)
    return None
