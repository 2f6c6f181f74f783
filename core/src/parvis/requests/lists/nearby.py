"""Open requests around a point, of every type: what the person at the desk should know before sending a crew."""

import math
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.plane import METRES_PER_DEGREE
from parvis.selection import within

NEAR = 150
MOST = 8
AROUND = """
SELECT r.reference, r.type, r.phase, r.state, r.address, r.lon, r.lat, r.submitted_at
FROM service_request r
WHERE {where} AND r.phase <> 'closed' AND r.id <> {{}}
AND r.lon >= {{}} AND r.lon <= {{}} AND r.lat >= {{}} AND r.lat <= {{}}
ORDER BY r.submitted_at DESC LIMIT 200
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
