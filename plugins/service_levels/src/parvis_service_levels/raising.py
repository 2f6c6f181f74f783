"""Escalation of promises: the person responsible is warned in time, then managers are told of a broken one.

Each step is an entry of the history, and one alarm for each person to be told, in the same transaction; the mails
are made of alarms that wait, see `alarm_letters`.
"""

import hashlib
from collections.abc import Mapping
from functools import partial
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.db.tables import Clock as ClockRow
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, NoSuchRequest, Situation, change
from parvis.requests.clocks.clocks import Clock, clocks_of, keep_changed
from parvis.requests.history import Line
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.unit_managers import Chief, levels_above
from parvis_sdk.events import Raised
from parvis_service_levels.kept import NAME, escalation_in
from parvis_service_levels.staff import Chiefs
from parvis_service_levels.steps import WARNED, step_due
from parvis_service_levels.tables import Alarm
from parvis_service_levels.watching import watch

BATCH = 200
MOST_AT_ONCE = 2000  # of one run; what is left is due again in a minute
DUE = (
    "SELECT c.id, c.request, r.reference, r.jurisdiction FROM clock c JOIN service_request r ON r.id = c.request "
    "WHERE c.next_at IS NOT NULL AND c.next_at <= {{}} AND r.jurisdiction IN ({}) AND r.erased_at IS NULL "
    "ORDER BY c.next_at, c.id LIMIT {}"
)


async def raise_due(host: Host, chiefs: Chiefs) -> int:
    """Raise the promises whose next step is due; how many were."""
    served = [code for code, town in host.jurisdictions.by_code.items() if host.modules.of(town).has(NAME)]
    sql = DUE.format(", ".join(["{}"] * len(served)), BATCH)
    known: dict[str, Mapping[str, tuple[Chief, ...]]] = {}
    raised = tried = 0
    while served and tried < MOST_AT_ONCE and (rows := await ClockRow.raw(sql, clock.now(), *served)):
        for row in rows:
            if row["jurisdiction"] not in known:
                known[row["jurisdiction"]] = await chiefs(row["jurisdiction"])
            plan = partial(_plan, host, row["id"], known[row["jurisdiction"]])
            try:
                raised += isinstance(await change(host, row["reference"], plan, actor=SYSTEM), Record)
            except NoSuchRequest:  # erased or destroyed since we looked
                continue
        # What came to no step, since the town raises later now than when it was counted.
        await watch(host, [row["id"] for row in rows], ClockRow.next_at <= clock.now())
        tried += len(rows)
        if len(rows) < BATCH:
            break
    return raised


async def _plan(host: Host, id: UUID, chiefs: Mapping[str, tuple[Chief, ...]], here: Situation) -> Change | None:
    # Judged anew under lock: another worker may have raised it, or somebody kept the promise meanwhile.
    clocks = await clocks_of(here.record.id)
    found = next((each for each in clocks if each.id == id), None)
    if found is None or found.next_at is None or found.next_at > here.at:
        return None
    rule = await escalation_in(host, here.town)
    if not (step := step_due(found, here.town.calendar, rule, here.at)):
        return None
    late = found.state == "running" and here.at > found.due_at
    raised = structs.replace(found, step=step, state="missed" if late else found.state)
    to = receivers(here.record, step, here.town, chiefs)
    after = tuple(raised if each is found else each for each in clocks)
    body = {
        "clock": found.code,
        "step": step,
        "due_at": found.due_at.isoformat(),
        "to": [each.name for each in to if each.name],
    }
    return Change(
        line=Line(kind="warned" if step == WARNED else "escalated", audience="internal", body=body),
        columns={"promise": raised.state} if raised.shown else {},
        events=(Raised(**here.about(SYSTEM), level=found.code, step=step, due_at=found.due_at),),
        writes=(
            partial(keep_changed, host, here.town, clocks, after),
            *(partial(_alarm, here, raised, step, each) for each in to),
        ),
    )


def receivers(
    record: Record, step: int, town: Jurisdiction, chiefs: Mapping[str, tuple[Chief, ...]]
) -> tuple[Chief, ...]:
    """Whom a step is told to: the person responsible; from the second on the manager of the unit, then higher.

    Where nobody holds it who answers for its unit is warned, and where nobody is higher the highest again.
    """
    if step == WARNED and record.assignee is not None:
        return (Chief(record.assignee, ""),)
    levels = levels_above(record, town, chiefs)
    return levels[min(max(step - WARNED - 1, 0), len(levels) - 1)] if levels else ()


async def _alarm(here: Situation, raised: Clock, step: int, to: Chief) -> None:
    sign = f"{raised.id}/{step}/{raised.due_at.isoformat()}/{to.id}"
    row = Alarm(
        id=new_id(),
        key=hashlib.sha256(sign.encode()).hexdigest(),
        request=here.record.id,
        agent=to.id,
        code=raised.code,
        step=step,
        due_at=raised.due_at,
        at=here.at,
    )
    await Alarm.insert(row).on_conflict(target=Alarm.key, action="DO NOTHING")
