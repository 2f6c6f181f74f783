"""The next unassigned request of a list, given to the agent who asks for it."""

from uuid import UUID

from msgspec import structs

from parvis.requests.actors import Actor
from parvis.requests.amendments import plan_assignment
from parvis.requests.changing import Change, NoSuchRequest, Situation, change
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, queue
from parvis.requests.priority_names import PRESSING, URGENT
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, may
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase

PIECE = 20
TO_DO = (Phase.RECEIVED.value, Phase.IN_PROGRESS.value)


async def take_next(host: Host, viewer: Viewer, jurisdiction: str, filters: Filters, *, actor: Actor) -> Record | None:
    """Give the person a request of a list that is to be done and that nobody holds: pressing ones first, then by date.

    None when there is none. Whether it is still free is judged under its lock.
    """
    free = structs.replace(filters, assignee="none", open=True, phases=filters.phases or TO_DO)
    steps = ((),) if filters.priorities else ((URGENT,), (PRESSING,), ())
    for priorities in steps:
        wanted = structs.replace(free, priorities=priorities or filters.priorities)
        cursor = ""
        while True:
            found = await queue(host, viewer, jurisdiction, wanted, limit=PIECE, cursor=cursor, count=False)
            for row in found.rows:
                if (taken := await _take(host, viewer, row.reference, actor)) is not None:
                    return taken
            cursor = found.next_cursor
            if not cursor:
                break
    return None


async def _take(host: Host, viewer: Viewer, reference: str, actor: Actor) -> Record | None:
    async def plan(here: Situation) -> Change | Problems | None:
        record = here.record
        is_free = record.assignee is None and record.phase is not Phase.CLOSED
        if not is_free or not all(may(viewer, right, record, host.jurisdictions) for right in ("work", "assign")):
            return None
        return plan_assignment(here, record.unit, UUID(actor.id), actor.name, actor)

    try:
        became = await change(host, reference, plan, actor=actor)
    except NoSuchRequest:  # erased since the list was read
        return None
    return became if isinstance(became, Record) else None
