"""The exchange log: what was said to another system and what it said, for operators to read beside the delivery."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from msgspec import Struct
from piccolo.columns.combination import And, Where

from parvis import clock
from parvis.connectors.redacting import without, without_secrets
from parvis.db import Engine, insert, transaction
from parvis.db.exchange_tables import Exchange as ExchangeRow
from parvis.http_client import LOGGED, ExchangeRecord
from parvis.identifiers import new_id

Condition = Where | And
Purpose = Literal["delivery", "poll", "check", "trial", "compare"]
SWEPT_AT_ONCE = 1000
MOST_KEPT = 40  # calls of one delivery or poll; of more, the first and the last ones


class Exchange(Struct, frozen=True, kw_only=True):
    """One call as operators read it; `status` is 0 where no answer came."""

    id: UUID
    connector: str
    delivery: UUID | None
    purpose: Purpose
    at: datetime
    method: str
    url: str
    status: int
    milliseconds: int
    sent: str
    received: str
    trouble: str


def rows_for(
    connector: str,
    purpose: Purpose,
    exchanged: Sequence[ExchangeRecord],
    *,
    delivery: UUID | None = None,
    personal: Iterable[str] = (),
) -> list[ExchangeRow]:
    """The rows of what went over the wire, without secrets and without what is personal."""
    hidden = tuple(personal)
    kept = exchanged if len(exchanged) <= MOST_KEPT else (*exchanged[: MOST_KEPT // 2], *exchanged[-MOST_KEPT // 2 :])

    def plain(words: str, most: int = LOGGED) -> str:
        return without_secrets(without(words, hidden))[:most]

    return [
        ExchangeRow(
            id=new_id(),
            connector=connector,
            delivery=delivery,
            purpose=purpose,
            at=clock.now(),
            method=each.method[:10],
            url=plain(each.url, 2000),
            status=each.status,
            milliseconds=each.milliseconds,
            sent=plain(each.sent),
            received=plain(each.received),
            trouble=plain(each.trouble, 500),
        )
        for each in kept
    ]


async def keep(rows: Sequence[ExchangeRow]) -> None:
    """Inside a unit: write them down."""
    if rows:
        await insert(*rows)


async def exchanges_of(
    *, delivery: UUID | None = None, connector: str = "", before: UUID | None = None, limit: int = 50
) -> tuple[Exchange, ...]:
    """The calls of one delivery, or the latest of one connector, newest first."""
    chosen: Condition = ExchangeRow.delivery == delivery if delivery is not None else ExchangeRow.connector == connector
    if before is not None:
        chosen = chosen & (ExchangeRow.id < before)
    rows = await ExchangeRow.select().where(chosen).order_by(ExchangeRow.id, ascending=False).limit(limit)
    return tuple(Exchange(**row) for row in rows)


async def sweep(engine: Engine, days: int) -> int:
    """Drop what is older than so many days, a thousand at a time."""
    old = ExchangeRow.at < clock.now() - timedelta(days=days)
    dropped = 0
    while rows := await ExchangeRow.select(ExchangeRow.id).where(old).limit(SWEPT_AT_ONCE):
        async with transaction(engine):
            await ExchangeRow.delete().where(ExchangeRow.id.is_in([row["id"] for row in rows]))
        dropped += len(rows)
    return dropped
