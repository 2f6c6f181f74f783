"""What was granted for a time ends by itself: the chore that sees to it."""

from datetime import datetime
from functools import partial
from uuid import UUID

from parvis import clock
from parvis.db import unit
from parvis.db.part_tables import Validity as ValidityRow
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import AlreadyErased, Change, Situation, change
from parvis.requests.heart import Heart
from parvis.requests.lifecycle import happening
from parvis.requests.parts.validity import validity_of
from parvis.requests.records import Record, get
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity

BATCH = 200
HOLDING = ["valid", "suspended"]


async def expire(heart: Heart) -> int:
    """End what has run out; how many requests changed."""
    table, now = ValidityRow, clock.now()
    rows = await table.select(table.request).where((table.until <= now) & table.state.is_in(HOLDING)).limit(BATCH)
    ended = 0
    for request in {row["request"] for row in rows}:
        record = await get(heart, request)
        if heart.territory.get(record.jurisdiction) is None:
            continue
        try:
            became = await change(heart, record.reference, partial(_plan_end, heart), actor=SYSTEM)
        except AlreadyErased:
            became = None
            async with unit(heart.engine):
                await _end_quietly(request, now)
        ended += isinstance(became, Record)
    return ended


async def _plan_end(heart: Heart, here: Situation) -> Change | None:
    # Judged anew under lock: it may have been renewed, or revoked, since we looked.
    over = [
        each
        for each in await validity_of(here.record.id)
        if each.state in HOLDING and each.until is not None and each.until <= here.at
    ]
    if not over:
        return None
    facts: dict[str, dict[str, Text]] = {f"{Validity.part}.{each.code}.expired": {} for each in over}
    return happening(heart, here, facts, actor=SYSTEM, writes=tuple(partial(_end, each.id, here.at) for each in over))


async def _end(id: UUID, at: datetime) -> None:
    await ValidityRow.update({ValidityRow.state: "expired", ValidityRow.changed_at: at}).where(ValidityRow.id == id)


async def _end_quietly(request: UUID, at: datetime) -> None:
    """Nothing is written to the history of an erased request any more."""
    await ValidityRow.update({ValidityRow.state: "expired", ValidityRow.changed_at: at}).where(
        (ValidityRow.request == request) & ValidityRow.state.is_in(HOLDING)
    )
