"""Open requests near a place: what a resident may join, and what the desk should know before sending a crew."""

import math
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.shapes import METRES_PER_DEGREE, metres_between
from parvis.requests.declarations import declaration, each_readable
from parvis.requests.host import Host
from parvis.requests.records import record_of
from parvis.requests.visibility import PUBLIC, place_for
from parvis.selection import within
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

NEAR = 150
MOST = 8
AROUND = """
SELECT r.reference, r.type, r.phase, r.state, r.address, r.lon, r.lat, r.submitted_at
FROM service_request r
WHERE {where} AND r.phase <> 'closed' AND r.id <> {{}}
AND r.lon >= {{}} AND r.lon <= {{}} AND r.lat >= {{}} AND r.lat <= {{}}
ORDER BY r.submitted_at DESC, r.id DESC LIMIT 200
"""
NO_ONE = UUID(int=0)


class Near(Struct, frozen=True, kw_only=True):
    """One open request and how far away it is."""

    reference: str
    type: str
    phase: str
    state: str
    address: str
    lon: float
    lat: float
    metres: int
    submitted_at: datetime


async def open_around(
    scope: Scope, lon: float, lat: float, *, besides: UUID = NO_ONE, metres: int = NEAR
) -> tuple[Near, ...]:
    """The nearest first, at most eight, in one statement."""
    where = within(scope)
    tall = metres / METRES_PER_DEGREE
    wide = tall / max(0.05, math.cos(math.radians(lat)))
    box = (lon - wide, lon + wide, lat - tall, lat + tall)
    rows = await ServiceRequest.raw(AROUND.format(where=where.sql), *where.values, besides, *box)
    found = (_near(row, lon, lat) for row in rows)
    return tuple(sorted((one for one in found if one.metres <= metres), key=lambda one: one.metres)[:MOST])


def _near(row: dict[str, Any], lon: float, lat: float) -> Near:
    east = (row["lon"] - lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
    north = (row["lat"] - lat) * METRES_PER_DEGREE
    return Near(**row, metres=round(math.hypot(east, north)))


SIMILAR_MOST = 10


class Similar(Struct, frozen=True, kw_only=True):
    """An open request nearby, with its public facts only."""

    reference: str
    title: Text
    state_title: Text
    phase: str
    address: str
    lon: float
    lat: float
    metres: int
    submitted_at: datetime
    promised_at: datetime | None


async def similar_open(
    host: Host, town: Jurisdiction, request_type: RequestType, lon: float, lat: float
) -> tuple[Similar, ...]:
    """Public, open requests of this type within its radius and age, the nearest first, of those the oldest."""
    radius = request_type.visibility.similar_within
    if not request_type.visibility.public or radius <= 0:
        return ()
    # Where places are told only roughly, distances are too: exact ones would give the place away.
    tall = (radius + request_type.place.precision) / METRES_PER_DEGREE
    wide = tall / max(0.05, math.cos(math.radians(lat)))
    table = ServiceRequest
    rows = await table.select().where(
        (table.jurisdiction == town.code)
        & (table.type == request_type.code)
        & (table.public == True)  # noqa: E712 - a column
        & (table.phase != "closed")
        & table.erased_at.is_null()
        & (table.lat >= lat - tall)
        & (table.lat <= lat + tall)
        & (table.lon >= lon - wide)
        & (table.lon <= lon + wide)
        & (table.submitted_at >= clock.now() - timedelta(days=request_type.visibility.similar_days))
    )
    found = await each_readable(host, rows, partial(_similar, host, lon, lat, radius))
    near = [each for each in found if each is not None]
    return tuple(sorted(near, key=lambda each: (each.metres, each.submitted_at, each.reference))[:SIMILAR_MOST])


async def _similar(host: Host, lon: float, lat: float, radius: float, row: dict[str, Any]) -> Similar | None:
    record = record_of(row)
    pinned = await declaration(host, record.declaration)
    place = place_for(PUBLIC, record, pinned)
    if place is None or place.lon is None or place.lat is None:
        return None
    metres = metres_between(lon, lat, place.lon, place.lat)
    if metres > radius:
        return None
    return Similar(
        reference=record.reference,
        title=pinned.title,
        state_title=pinned.workflow.state(record.state).title,
        phase=record.phase,
        address=place.address,
        lon=place.lon,
        lat=place.lat,
        metres=round(metres),
        submitted_at=record.submitted_at,
        promised_at=record.promised_at,
    )
