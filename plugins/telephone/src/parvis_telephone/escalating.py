"""Calls and letters that nobody made by when they were due are taken higher: each step once, in the history.

A step, its entry and who is to be written to are of one transaction, judged anew under lock: a worker that is killed,
two of them at once, and a clock that goes back tell nobody twice. What was made, or tried again, in the meantime
stays where it is.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from uuid import UUID

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import OwedContact, Row
from parvis.identifiers import new_id
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, NoSuchRequest, Situation, change
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.work.untold import OWED, URGENT_FIRST
from parvis.unit_managers import Chief, levels_above
from parvis_telephone.escalation import moment_of, step_due
from parvis_telephone.tables import LateCall, LateCallLetter

NAME = "telephone"  # of the module
BATCH, MOST_AT_ONCE = 200, 2000
DUE = (
    OWED.replace("service_request r", "service_request r LEFT JOIN telephone_late_call l ON l.call = o.id", 1)
    + " AND o.due_at <= {} AND (l.call IS NULL OR l.next_at <= {}) AND r.jurisdiction IN "
)
ORDER = f"ORDER BY {URGENT_FIRST}, o.due_at, o.id LIMIT {BATCH}"
OF = "o.id, o.due_at, o.urgency, r.reference, r.jurisdiction, l.step"
KEEP = """
INSERT INTO telephone_late_call (call, step, next_at) VALUES ({}, {}, {})
ON CONFLICT (call) DO UPDATE SET step = excluded.step, next_at = excluded.next_at
"""
OVER = "DELETE FROM telephone_late_call WHERE call NOT IN (SELECT id FROM owed_contact WHERE state = 'owed')"

Chiefs = Callable[[str], Awaitable[Mapping[str, tuple[Chief, ...]]]]
"""Of a town, by unit: who answers for it; "" is the whole town."""


async def escalate_late(host: Host, chiefs: Chiefs) -> int:
    """Take higher what is late, emergencies first; how many were."""
    served = [code for code, town in host.jurisdictions.by_code.items() if host.modules.of(town).has(NAME)]
    sql = f"SELECT {OF} {DUE} ({', '.join(['{}'] * len(served))}) {ORDER}"
    known: dict[str, Mapping[str, tuple[Chief, ...]]] = {}
    escalated = tried = 0
    now = clock.now()
    while served and tried < MOST_AT_ONCE and (rows := await OwedContact.raw(sql, now, now, *served)):
        for row in rows:
            if row["jurisdiction"] not in known:
                known[row["jurisdiction"]] = await chiefs(row["jurisdiction"])
            plan = partial(_plan, row["id"], known[row["jurisdiction"]])
            try:
                made = await change(host, row["reference"], plan, actor=SYSTEM)
            except NoSuchRequest:  # erased or destroyed since we looked
                continue
            if isinstance(made, Record):
                escalated += 1
            elif row["step"]:  # somebody tried in the meantime: its next step is counted from another moment
                await _later(host, row)
        tried += len(rows)
        if len(rows) < BATCH:
            break
    async with transaction(host.engine):
        await LateCall.raw(OVER)
    return escalated


async def _later(host: Host, row: Row) -> None:
    calendar = host.jurisdictions.jurisdiction(row["jurisdiction"]).calendar
    next_at = moment_of(row["step"] + 1, row["due_at"], calendar, is_emergency=row["urgency"] == "emergency")
    async with transaction(host.engine):
        same = (LateCall.call == row["id"]) & (LateCall.step == row["step"])
        await LateCall.update({LateCall.next_at: next_at}).where(same)


async def _plan(id: UUID, chiefs: Mapping[str, tuple[Chief, ...]], here: Situation) -> Change | None:
    of = OwedContact
    row = await of.select().where((of.id == id) & (of.request == here.record.id) & (of.state == "owed")).first()
    kept = await LateCall.select(LateCall.step).where(LateCall.call == id).first()
    if row is None:
        return None
    emergency, before = row["urgency"] == "emergency", kept["step"] if kept else 0
    step = step_due(before, row["due_at"], here.town.calendar, here.at, is_emergency=emergency)
    if not step:
        return None
    next_at = moment_of(step + 1, row["due_at"], here.town.calendar, is_emergency=emergency)
    to = levels_above(here.record, here.town, chiefs)
    told = to[min(step, len(to)) - 1] if to else ()
    body = {"way": row["way"], "step": step, "due_at": row["due_at"].isoformat(), "to": [each.name for each in told]}
    same = [id, *await _said_with(here, row, step)]
    return Change(
        line=Line(kind="call_escalated", audience="internal", body=body),
        writes=(
            *(partial(LateCall.raw, KEEP, each, step, next_at) for each in same),
            *(partial(_letter, here, call, step, each, emergency) for call in same for each in told),
        ),
    )


async def _said_with(here: Situation, row: Row, step: int) -> list[UUID]:
    """What else is told in the same call or letter and reaches the same step: escalated with it."""
    of = OwedContact
    theirs = (of.request == here.record.id) & (of.way == row["way"]) & (of.state == "owed") & (of.id != row["id"])
    others = await of.select().where(theirs)
    kept = await LateCall.select().where(LateCall.call.is_in([each["id"] for each in others])) if others else []
    steps = {each["call"]: each["step"] for each in kept}

    def comes_to(each: Row) -> int:
        is_emergency, before = each["urgency"] == "emergency", steps.get(each["id"], 0)
        return step_due(before, each["due_at"], here.town.calendar, here.at, is_emergency=is_emergency)

    return [each["id"] for each in others if each["urgency"] == row["urgency"] and comes_to(each) == step]


async def _letter(here: Situation, call: UUID, step: int, to: Chief, is_urgent: bool) -> None:
    row = LateCallLetter(
        id=new_id(),
        key=f"{call}/{step}/{to.id}",
        call=call,
        agent=to.id,
        step=step,
        is_urgent=is_urgent,
        at=here.at,
    )
    await LateCallLetter.insert(row).on_conflict(target=LateCallLetter.key, action="DO NOTHING")
