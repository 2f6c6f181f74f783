"""Deliveries of an endpoint as they are shown."""

from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from msgspec import Struct

from parvis_api_webhooks.tables import WebhookDelivery

DeliveryState = Literal["waiting", "claimed", "done", "dead", "skipped"]
STATES: tuple[DeliveryState, ...] = get_args(DeliveryState)
LISTED = """SELECT d.entry, d.event, d.state, d.attempts, d.made_at, d.due_at, d.done_at, d.trouble, r.reference
FROM api_webhooks_delivery d JOIN service_request r ON r.id = d.request
WHERE d.endpoint = {} AND d.state IN ({states}) AND d.entry < {} ORDER BY d.entry DESC LIMIT {}"""
LAST = UUID(int=(1 << 128) - 1)


class WebhookLine(Struct, frozen=True, kw_only=True):
    """A delivery as it may be shown."""

    entry: UUID
    reference: str
    event: str
    state: str
    attempts: int
    made_at: datetime
    due_at: datetime
    done_at: datetime | None
    trouble: str


async def deliveries_of(
    endpoint: UUID, *, state: str = "", before: UUID | None = None, most: int = 50
) -> list[WebhookLine]:
    """Those of one endpoint, the latest event first."""
    states = (state,) if state else STATES
    sql = LISTED.replace("{states}", ", ".join(["{}"] * len(states)))
    rows = await WebhookDelivery.raw(sql, endpoint, *states, before or LAST, most)
    return [WebhookLine(**{**row, **_read(row)}) for row in rows]


def _read(row: dict[str, object]) -> dict[str, object]:
    moments = {name: row[name] for name in ("made_at", "due_at", "done_at")}
    read = {name: datetime.fromisoformat(at) if isinstance(at, str) else at for name, at in moments.items()}
    return {**read, "entry": UUID(str(row["entry"]))}


async def counts_of(endpoint: UUID) -> dict[str, int]:
    """How many there are in each state."""
    sql = "SELECT state, count(*) AS many FROM api_webhooks_delivery WHERE endpoint = {} GROUP BY state"
    found = {row["state"]: int(row["many"]) for row in await WebhookDelivery.raw(sql, endpoint)}
    return {state: found.get(state, 0) for state in STATES}
