"""What happened, as one delivery for each endpoint that is told of it, once; and the same again from a moment.

Histories are where everything that happened is written down. A change that is committed late has an earlier id than
others that were collected before, so each look goes back a while and takes what has no delivery yet.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from parvis import clock
from parvis.db import Engine, held, transaction
from parvis.db.tables import Entry
from parvis.identifiers import EPOCH
from parvis.requests.host import Host
from parvis_api_webhooks.endpoints import EVENTS, Changes, Endpoint
from parvis_api_webhooks.tables import WebhookDelivery, WebhookEndpoint

MARGIN = timedelta(minutes=15)  # longer than any transaction is open
AT_ONCE = 500
FOUND = """SELECT e.id, e.request, e.kind FROM entry e JOIN service_request r ON r.id = e.request
WHERE e.id > {{}} AND e.id <= {{}} AND e.kind IN ({kinds}) AND {seen} {new} ORDER BY e.id LIMIT {{}}"""
NEW = "AND NOT EXISTS (SELECT 1 FROM api_webhooks_delivery d WHERE d.endpoint = {} AND d.entry = e.id)"


def first_id(moment: datetime) -> UUID:
    """The identifier before which everything was made that is older than a moment."""
    return UUID(int=max(0, (moment - EPOCH) // timedelta(milliseconds=1)) << 80)


async def collect(host: Host, endpoint: Endpoint) -> int:
    """Write the deliveries of what happened since; how many."""
    now = clock.now()
    span = first_id(endpoint.collected_until - MARGIN), first_id(now + timedelta(hours=1))
    if endpoint.made_at > endpoint.collected_until - MARGIN:
        span = first_id(endpoint.made_at), span[1]
    rows = await _entries(host, endpoint, span, new=True)
    async with transaction(host.engine):
        query = WebhookEndpoint.select(WebhookEndpoint.id).where(WebhookEndpoint.id == endpoint.id).first()
        if await held(query, host.engine) is None:
            return 0  # deleted since it was read: nothing of it is kept
        await _insert(endpoint, rows, now)
        if len(rows) < AT_ONCE:
            reached: Changes = {WebhookEndpoint.collected_until: now}
            await WebhookEndpoint.update(reached).where(WebhookEndpoint.id == endpoint.id)
    return len(rows)


async def begin_replay(engine: Engine, id: UUID, after: UUID) -> None:
    """From that identifier on, everything until now is told again, also what was told before."""
    span: Changes = {"replay_after": after, "replay_until": first_id(clock.now() + timedelta(seconds=1)), "replayed": 0}
    async with transaction(engine):
        await WebhookEndpoint.update(span).where(WebhookEndpoint.id == id)


async def go_on_with_replay(host: Host, endpoint: Endpoint) -> int:
    """The next deliveries of a replay, in a transaction with how far it has come; how many."""
    if endpoint.replay_after is None or endpoint.replay_until is None:
        return 0
    rows = await _entries(host, endpoint, (endpoint.replay_after, endpoint.replay_until), new=False)
    now = clock.now()
    async with transaction(host.engine):
        query = WebhookEndpoint.select(WebhookEndpoint.replay_after).where(WebhookEndpoint.id == endpoint.id).first()
        state = await held(query, host.engine)
        if state is None or state["replay_after"] != endpoint.replay_after:
            return 0  # another worker was here, or another replay was begun
        again: Changes = {"state": "waiting", "due_at": now, "attempts": 0, "done_at": None, "trouble": ""}
        if rows:
            keys = [_key(endpoint, row) for row in rows]
            await WebhookDelivery.update(again).where(
                WebhookDelivery.key.is_in(keys) & WebhookDelivery.state.is_in(["done", "dead", "skipped"])
            )
            await _insert(endpoint, rows, now)
        over = len(rows) < AT_ONCE
        ended: Changes = {"replay_after": None, "replay_until": None}
        reached: Changes = ended if over else {"replay_after": rows[-1]["id"]}
        await WebhookEndpoint.update(reached | {"replayed": endpoint.replayed + len(rows)}).where(
            WebhookEndpoint.id == endpoint.id
        )
    return len(rows)


async def _entries(host: Host, endpoint: Endpoint, span: tuple[UUID, UUID], *, new: bool) -> list[dict[str, Any]]:
    kinds = [each for each in endpoint.events if each in EVENTS]
    if not kinds:
        return []
    seen, values = endpoint.scope(host.jurisdictions.get(endpoint.jurisdiction)).condition("r")
    sql = FOUND.format(kinds=", ".join(["{}"] * len(kinds)), seen=seen, new=NEW if new else "")
    besides = [endpoint.id] if new else []
    rows: list[dict[str, Any]] = await Entry.raw(sql, *span, *kinds, *values, *besides, AT_ONCE)
    return [row | {"id": UUID(str(row["id"])), "request": UUID(str(row["request"]))} for row in rows]


async def _insert(endpoint: Endpoint, rows: list[dict[str, Any]], now: datetime) -> None:
    """Inside a transaction: those that are not there."""
    made = [
        WebhookDelivery(
            key=_key(endpoint, row),
            endpoint=endpoint.id,
            entry=row["id"],
            request=row["request"],
            event=row["kind"],
            state="waiting",
            made_at=now,
            due_at=now,
        )
        for row in rows
    ]
    for start in range(0, len(made), 50):
        some = made[start : start + 50]
        await WebhookDelivery.insert(*some).on_conflict(target=WebhookDelivery.key, action="DO NOTHING")


def _key(endpoint: Endpoint, row: dict[str, Any]) -> str:
    return f"{endpoint.id}:{row['id']}"
