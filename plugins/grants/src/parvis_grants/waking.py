"""What a decision required months ago wakes its request by itself: the chore that sees to it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from parvis.db import transaction
from parvis.db.tables import Row
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Plan, Write, change
from parvis.requests.changing import Situation as Here
from parvis.requests.host import Host
from parvis.requests.lifecycle import happening
from parvis.requests.put_off import due
from parvis.requests.records import Record, get
from parvis_grants import NAME
from parvis_grants.obligations import declared_in, keep, obligations_of
from parvis_grants.tables import Obligation as ObligationRow
from parvis_sdk.obligation_rules import ObligationState, joined, said_of, woken
from parvis_sdk.text import Text


async def wake_each(
    host: Host, requests: list[UUID], plan: Plan[None], quietly: Callable[[UUID], Awaitable[None]]
) -> int:
    """Change each of these requests by a plan judged anew under lock; of erased ones only what needs no history."""
    changed = 0
    for request in dict.fromkeys(requests):
        record = await get(host, request)
        try:
            became = await change(host, record.reference, plan, actor=SYSTEM)
        except AlreadyErased:
            became = None
            async with transaction(host.engine):
                await quietly(request)
        changed += isinstance(became, Record)
    return changed


async def wake_obligations(host: Host) -> int:
    """See to every obligation to which time has brought something; how many requests changed."""
    return await wake_each(host, await due(host, ObligationRow, module=NAME), partial(_plan, host), _let_sleep)


async def _plan(host: Host, here: Here) -> Change | None:
    calendar = here.town.calendar
    came: defaultdict[str, list[ObligationState]] = defaultdict(list)
    writes: list[Write] = []
    for owed in await obligations_of(here.record.id):
        if (declared := declared_in(here, owed.code)) is None:  # of another type of request, before it was corrected
            await ObligationRow.update({ObligationRow.wake_at: None}).where(ObligationRow.id == owed.id)
            continue
        became, words = woken(owed, declared, calendar, here.at)
        for word in words:
            came[declared.fact(word)].append(became)
        writes.append(partial(keep, here.record.id, became, declared, calendar))
    if not came:
        # Its moment has moved with the town's calendar: it must not stand first in line for ever.
        for write in writes:
            await write()
        return None
    facts: dict[str, dict[str, Text]] = {fact: said_of(owed, calendar) for fact, owed in came.items()}
    demands = {str(each.id): each.demand for owed in came.values() for each in owed}
    return happening(
        host,
        here,
        facts,
        actor=SYSTEM,
        writes=tuple(writes),
        body={"obligations": list(demands)},
        personal={"note": joined(demands.values())},
    )


async def _let_sleep(request: UUID) -> None:
    still: Row = {ObligationRow.wake_at: None}
    await ObligationRow.update(still).where(ObligationRow.request == request)
