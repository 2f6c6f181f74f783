"""What time does to a list of points that nobody answers: reminders, a last notice, its abandonment."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.put_off import due
from parvis.requests.records import Record, get
from parvis_sdk.days import last_day
from parvis_sdk.supplement_rules import Step, is_told, next_step_at, ripe, steps_of, told_of_points
from parvis_sdk.supplements import Supplement
from parvis_supplements.lists import SupplementList, lists_of, write
from parvis_supplements.marking import supplement_of
from parvis_supplements.tables import Supplement as SupplementRow


async def remind(host: Host) -> int:
    """Do what has fallen due; how many requests were reminded, warned or given up."""
    told = 0
    for request in await due(host, SupplementRow, "next_at"):
        record = await get(host, request)
        try:
            became = await change(host, record.reference, partial(_plan, host), actor=SYSTEM)
        except AlreadyErased:
            await _let_sleep(host, request)
            continue
        told += isinstance(became, Record)
    return told


async def _let_sleep(host: Host, request: UUID) -> None:
    ripe = (SupplementRow.request == request) & (SupplementRow.next_at <= clock.now())
    async with transaction(host.engine):
        await SupplementRow.update({SupplementRow.next_at: None}).where(ripe)


async def _plan(host: Host, here: Situation) -> Change | None:
    # Judged anew under lock: it may have been answered, or the town have gone on, since we looked.
    due = [each for each in await lists_of(here.record.id) if each.next_at is not None and each.next_at <= here.at]
    for listed in due:
        supplement = supplement_of(here.request_type, listed.code)
        is_open = listed.is_open(here.record, here.request_type)
        if supplement is None or listed.due_at is None or listed.asked_at is None or not is_open:
            await write(listed.id, {SupplementRow.next_at: None})
            continue
        steps = steps_of(supplement, here.town.calendar, listed.asked_at, last_day(here.town.calendar, listed.due_at))
        at = ripe(steps, listed.told, here.at)
        if at is None:
            await write(listed.id, {SupplementRow.next_at: None})
            continue
        after = _after(steps, at, here.at, supplement)
        if steps[at].word == "reminded" and here.at >= listed.due_at:
            await write(listed.id, after)  # nobody is reminded of a day that is past
            continue
        return _told(host, here, supplement, listed, steps[at], after)
    return None


def _after(steps: Sequence[Step], at: int, now: datetime, supplement: Supplement) -> Row:
    """The row once a step is made."""
    following = next_step_at(steps, at, now, supplement)
    return {SupplementRow.told: at + 1, SupplementRow.next_at: following, SupplementRow.changed_at: now}


def _told(
    host: Host, here: Situation, supplement: Supplement, listed: SupplementList, step: Step, after: Row
) -> Change:
    until = _day_said(here, listed, step, after)
    said = told_of_points(supplement, here.request_type.form.fields(), listed.left, until)
    gone: Row = {SupplementRow.state: "abandoned"} if step.word == "abandoned" else {}
    fact = supplement.fact(step.word)
    return happening(
        host,
        here,
        {fact: said},
        actor=SYSTEM,
        tell=is_told(here.request_type, here.record.state, fact),
        writes=(partial(write, listed.id, after | gone),),
        body={"supplement": listed.code, "number": listed.number},
    )


def _day_said(here: Situation, listed: SupplementList, step: Step, after: Row) -> date:
    """The last day to answer; in the last notice, the last one before it is given up."""
    end = after[SupplementRow.next_at] if step.word == "warned" else listed.due_at
    return last_day(here.town.calendar, end or here.at)
