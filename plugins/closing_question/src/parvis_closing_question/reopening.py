"""What follows when people say that it is not settled: the same unit takes it up again, with a higher priority.

The manager of the unit decides from the second time on. People who follow a request are counted; when enough
of them say so, it is opened again without its requester.
"""

from collections.abc import Sequence
from functools import partial

from msgspec import structs

from parvis.db import in_transaction_of_its_own
from parvis.requests.actors import REQUESTER, SYSTEM
from parvis.requests.amendments import plan_assignment
from parvis.requests.changing import Change, Conflict, Situation, certainly, change_within
from parvis.requests.declarations import is_offered, type_of_record
from parvis.requests.history import Line, entries_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import plan_move
from parvis.requests.priority_names import URGENT
from parvis.requests.records import Record
from parvis.requests.relations.children import locked_with_the_whole
from parvis.requests.work.priorities import plan_priority
from parvis.unit_managers import Chief, who_decides
from parvis_closing_question.standing import (
    ALSO,
    NOT_ASKED,
    closing_of,
    no_from,
    opening,
    saying_no,
    times_reopened,
)
from parvis_sdk.workflow import Denied

BY_MANAGER = 2  # times, from which on somebody else than the crew looks at it
ENOUGH = 2  # people who follow it


async def say_so_too(
    host: Host, reference: str, by: Sequence[str], *, joined: bool = False
) -> Record | Denied | Conflict:
    """Note once that a person, who follows the request or whose own was `joined` to it, says that it is not settled;
    open it when enough do. They count `by` any of these ids, the first of which is written down.
    """

    async def plan(here: Situation) -> Change | Denied | Record:
        past = await entries_of(here.record)
        if not saying_no(here.request_type, past).isdisjoint(by):  # a second press on the same button
            return here.record
        closing = closing_of(here.request_type, here.record, past, here.at, "system")
        if closing is None or closing.refusal or not is_offered(host, here.record):
            return Denied(code="not_from_here", reason=NOT_ASKED)
        body = {"by": by[0], "move": closing.move} | ({"joined": True} if joined else {})
        return Change(line=Line(kind=ALSO, audience="internal", body=body))

    async def made() -> Record | Denied | Conflict:
        await locked_with_the_whole(host, reference)
        answer: Record | Denied | Conflict = await change_within(host, reference, plan, actor=REQUESTER)
        if isinstance(answer, Record):
            return await _opened_by_many(host, answer)
        return answer

    return await in_transaction_of_its_own(host.engine, made)


async def _opened_by_many(host: Host, record: Record) -> Record:
    request_type = await type_of_record(host, record)
    says_no = no_from(request_type, record.state)
    if not says_no or len(opening(request_type, await entries_of(record))) < ENOUGH:
        return record
    plan = partial(plan_move, host, says_no, {}, SYSTEM, "requester", "")
    opened = await change_within(host, record.reference, plan, actor=SYSTEM)
    return opened if isinstance(opened, Record) else record


async def taken_up(host: Host, record: Record, says_no: str) -> Record:
    """Inside a transaction: the rank and, from the second time on, the person that an opened request is given."""
    if record.priority < URGENT:
        record = certainly(await change_within(host, record.reference, partial(_raised, host, says_no), actor=SYSTEM))
    if times_reopened(await entries_of(record)) < BY_MANAGER:
        return record
    known = await who_decides(host, record)
    if not known or record.assignee in {each.id for each in known}:
        return record
    return certainly(await change_within(host, record.reference, partial(_to_decider, known[0]), actor=SYSTEM))


async def _raised(host: Host, says_no: str, here: Situation) -> Change | Record:
    change = plan_priority(host, here, here.record.priority + 1)
    return _because(change, says_no) if isinstance(change, Change) else here.record


async def _to_decider(decider: Chief, here: Situation) -> Change | Record:
    change = plan_assignment(here, here.record.unit, decider.id, decider.name, SYSTEM)
    return _because(change, "not_fixed_again") if isinstance(change, Change) else here.record


def _because(change: Change, rule: str) -> Change:
    return structs.replace(change, line=structs.replace(change.line, body={**change.line.body, "by_rule": rule}))
