"""Open promises that nobody watches get their next step: from before steps were kept, or before a town had any."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from piccolo.columns.combination import And, WhereRaw

from parvis.db import held, transaction
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.requests.clocks.clocks import clock_of
from parvis.requests.host import Host
from parvis_service_levels.kept import NAME, escalation_in
from parvis_service_levels.steps import scheduled

# Worded as in the partial index.
UNWATCHED = "next_at IS NULL AND step = 0 AND ended_at IS NULL AND state IN ('running', 'missed')"
NEXT = (
    f"SELECT id FROM clock WHERE {UNWATCHED} AND id > {{{{}}}} "  # noqa: S608 - ours
    "AND EXISTS (SELECT 1 FROM service_request r WHERE r.id = clock.request AND r.jurisdiction IN ({})) "
    "ORDER BY id LIMIT {}"
)
TOGETHER, MOST = 100, 5_000


async def watch_older(host: Host) -> int:
    """Say of open clocks without a next step when it is; how many had none."""
    served = [code for code, town in host.jurisdictions.by_code.items() if await _raises(host, town)]
    sql = NEXT.format(", ".join(["{}"] * len(served)), TOGETHER)
    done, after = 0, UUID(int=0)
    while served and done < MOST and (rows := await ClockRow.raw(sql, after, *served)):
        after = rows[-1]["id"]
        done += await watch(host, [row["id"] for row in rows], WhereRaw(UNWATCHED))
    return done


async def _raises(host: Host, town: Jurisdiction) -> bool:
    """Whether promises of this town are raised at all."""
    if not host.modules.of(town).has(NAME):
        return False
    rule = await escalation_in(host, town)
    return bool(rule.warn_hours or rule.after)


async def watch(host: Host, ids: Collection[UUID], still: Any) -> int:
    """Count the next step of these clocks anew, where they are `still` so."""
    those = And(ClockRow.id.is_in(list(ids)), still)
    async with transaction(host.engine):
        found = await ClockRow.select(ClockRow.request).where(those)
        if not found:
            return 0
        # Requests first, as everybody locks them.
        mine = ServiceRequest.select(ServiceRequest.id, ServiceRequest.jurisdiction).where(
            ServiceRequest.id.is_in([row["request"] for row in found])
        )
        towns = {row["id"]: row["jurisdiction"] for row in await held(mine.order_by(ServiceRequest.id), host.engine)}
        rows = [row for row in await ClockRow.select().where(those) if row["request"] in towns]
        for row in rows:
            clock = clock_of(row)
            town = host.jurisdictions.jurisdiction(towns[row["request"]])
            rule = await escalation_in(host, town)
            next_at = scheduled(clock, clock, town.calendar, rule).next_at
            await ClockRow.update({ClockRow.next_at: next_at}).where(ClockRow.id == clock.id)
    return len(rows)
