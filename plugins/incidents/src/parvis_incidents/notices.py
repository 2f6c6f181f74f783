"""Notices from the desk: written, ended, and those of the files lifted for a while; told by the bulletin at once."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.advice import Notice
from parvis.requests.host import Host
from parvis.requests.offered import types_of
from parvis.requests.records import Record, record_of
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.tables import DeskNotice

MOST = 100
STANDING_FIRST = """SELECT * FROM desk_notice WHERE jurisdiction = {} ORDER BY
CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, made_at DESC LIMIT {}"""


class NoticeEntry(Struct, frozen=True, kw_only=True):
    """A notice from the desk, or the lifting of one in the files (`lifts` is its code); who wrote it, and when."""

    id: UUID
    notice: Notice | None
    lifts: str
    while_open: UUID | None
    by: str
    made_at: datetime
    ended_at: datetime | None


async def notices_kept(town: Jurisdiction) -> tuple[NoticeEntry, ...]:
    """What the desk has written, what stands first, then the newest; one statement."""
    rows = await DeskNotice.raw(STANDING_FIRST, town.code, MOST)
    return tuple(
        NoticeEntry(
            id=row["id"],
            notice=msgspec.json.decode(row["body"], type=Notice) if row["body"] else None,
            lifts=row["lifts"],
            while_open=row["while_open"],
            by=row["by"],
            made_at=row["made_at"],
            ended_at=row["ended_at"],
        )
        for row in rows
    )


async def post_notice(
    host: Host, town: Jurisdiction, id: UUID, notice: Notice, *, actor: Actor, while_open: UUID | None = None
) -> None:
    """Write a notice; the same id again changes nothing."""
    await _keep(host, town, id, actor, body=msgspec.json.encode(notice).decode(), while_open=while_open)


async def lift(host: Host, town: Jurisdiction, code: str, *, actor: Actor) -> None:
    """Leave a notice of the files aside until it is put back: its types are open again."""
    if code not in host.of(Bulletin).lifted(town.code):
        await _keep(host, town, new_id(), actor, lifts=code)


async def _keep(
    host: Host,
    town: Jurisdiction,
    id: UUID,
    actor: Actor,
    *,
    lifts: str = "",
    body: str = "",
    while_open: UUID | None = None,
) -> None:
    async with transaction(host.engine):
        if not await DeskNotice.exists().where(DeskNotice.id == id):
            row = {"id": id, "jurisdiction": town.code, "lifts": lifts, "body": body, "while_open": while_open}
            await insert_values(DeskNotice, row | {"by": actor.name[:120], "made_at": clock.now(), "ended_at": None})
    await host.of(Bulletin).look(host.jurisdictions)


async def end_notice(host: Host, town: Jurisdiction, id: UUID) -> bool:
    """End a notice, or put back what was lifted; False where there is none that stands."""
    table = DeskNotice
    ours = (table.id == id) & (table.jurisdiction == town.code) & table.ended_at.is_null()
    async with transaction(host.engine):
        ended = await table.update({table.ended_at: clock.now()}).where(ours).returning(table.id)
    await host.of(Bulletin).look(host.jurisdictions)
    return bool(ended)


async def under_way_of_town(host: Host, town: Jurisdiction) -> tuple[Record, ...]:
    """Operations and incidents of the town that are not over: what a notice can end with; one statement."""
    codes = [request_type.code for request_type in types_of(host, town) if request_type.opened_by == "town"]
    if not codes:
        return ()
    table = ServiceRequest
    ours = (table.jurisdiction == town.code) & table.type.is_in(codes)
    rows = await table.select().where(ours & table.phase.not_in(["closed", "decided"])).order_by(table.id).limit(MOST)
    return tuple(record_of(row) for row in rows)
