"""What was not corrected in time: the chore that says so in the history, for the desk and the workflow."""

from functools import partial

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.parts.part_kinds import about
from parvis.requests.put_off import moving
from parvis.requests.records import Record, get
from parvis_inspections.tables import Inspection as VisitRow
from parvis_inspections.visits import declared, keep_visit, visits_of
from parvis_sdk.inspection_rules import late_corrections

LATE = """
SELECT DISTINCT i.request FROM inspection i CROSS JOIN service_request r
WHERE r.id = i.request AND i.state = 'failed' AND i.overdue = {{}} AND i.due <> '' AND i.due < {{}}
AND EXISTS (SELECT 1 FROM inspection n WHERE n.request = i.request AND n.code = i.code
AND n.state IN ('wanted', 'planned')) AND r.jurisdiction IN ({towns}) AND r.type IN ({types})
AND r.erased_at IS NULL LIMIT {most}"""
BATCH = 200


async def mark_overdue(host: Host) -> int:
    """Mark visits that failed, whose day for corrections is over and that no later visit has found in order."""
    # A town's day may still be yesterday's in UTC: each is judged by its own calendar below.
    towns, types = list(host.jurisdictions.by_code), await moving(host)
    if not types:
        return 0
    marks = {name: ", ".join(["{}"] * len(values)) for name, values in (("towns", towns), ("types", types))}
    rows = await VisitRow.raw(LATE.format(most=BATCH, **marks), False, clock.now().date().isoformat(), *towns, *types)
    marked = 0
    for request in [row["request"] for row in rows]:
        record = await get(host, request)
        try:
            became = await change(host, record.reference, partial(_plan, host), actor=SYSTEM)
        except AlreadyErased:
            continue
        marked += isinstance(became, Record)
    return marked


async def _plan(host: Host, here: Situation) -> Change | None:
    today = local_day(here.town.calendar, here.at).isoformat()
    visits = await visits_of(here.record.id)
    late = [visits[place] for place in late_corrections(visits, today)]
    facts = {name: said for visit in late if (part := declared(here.request_type, visit.code))
             for name, said in about(part, "overdue").items()}  # fmt: skip
    if not facts:
        return None
    writes = tuple(partial(keep_visit, visit, here.at, {"overdue": True}) for visit in late)
    return happening(host, here, facts, actor=SYSTEM, writes=writes, audience="internal")
