"""Private addresses of calendars: made for an agent in a town, read without signing in, and revoked."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db.engines import Engine
from parvis.db.transaction import transaction
from parvis.identifiers import new_id
from parvis_feeds.tables import CalendarAddress

OCTETS = 32


class Subscriber(Struct, frozen=True):
    """Whose calendar it is, in which town."""

    agent: str
    jurisdiction: str


async def make_address(engine: Engine, whose: Subscriber) -> str:
    """The secret of a new address, told once; the one before is revoked."""
    secret = secrets.token_urlsafe(OCTETS)
    row = CalendarAddress(
        id=new_id(),
        agent=UUID(whose.agent),
        jurisdiction=whose.jurisdiction,
        digest=_digest(secret),
        made_at=clock.now(),
    )
    async with transaction(engine):
        await CalendarAddress.delete().where(_of(whose))
        await CalendarAddress.insert(row)
    return secret


async def revoke_address(engine: Engine, whose: Subscriber) -> bool:
    """End the address of somebody; whether there was one."""
    async with transaction(engine):
        gone = await CalendarAddress.delete().where(_of(whose)).returning(CalendarAddress.id)
    return bool(gone)


async def made_at(whose: Subscriber) -> datetime | None:
    """Since when somebody has an address."""
    row = await CalendarAddress.select(CalendarAddress.made_at).where(_of(whose)).first()
    return row["made_at"] if row else None


async def subscriber_of(secret: str) -> Subscriber | None:
    """Whose address it is; nobody’s once it was revoked."""
    row = await CalendarAddress.select().where(CalendarAddress.digest == _digest(secret)).first()
    return Subscriber(str(row["agent"]), row["jurisdiction"]) if row else None


def _of(whose: Subscriber) -> Any:
    return (CalendarAddress.agent == UUID(whose.agent)) & (CalendarAddress.jurisdiction == whose.jurisdiction)


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
