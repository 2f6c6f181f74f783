"""Open requests of the same kind near a place: what a resident may join instead of reporting it once more."""

import math
from datetime import datetime, timedelta

from msgspec import Struct

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.plane import METRES_PER_DEGREE, metres_between
from parvis.requests.declarations import declaration
from parvis.requests.heart import Heart
from parvis.requests.records import record_of
from parvis.requests.visibility import PUBLIC, place_for
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

MOST = 10


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
    heart: Heart, town: Jurisdiction, kind: RequestType, lon: float, lat: float
) -> tuple[Similar, ...]:
    """Public, open requests of this type within its radius and age, the nearest first, of those the oldest."""
    radius = kind.visibility.similar_within
    if not kind.visibility.public or radius <= 0:
        return ()
    # Where places are told only roughly, distances are too: exact ones would give the place away.
    tall = (radius + kind.place.precision) / METRES_PER_DEGREE
    wide = tall / max(0.05, math.cos(math.radians(lat)))
    table = ServiceRequest
    rows = await table.select().where(
        (table.jurisdiction == town.code)
        & (table.type == kind.code)
        & (table.public == True)  # noqa: E712 - a column
        & (table.phase != "closed")
        & table.erased_at.is_null()
        & (table.lat >= lat - tall)
        & (table.lat <= lat + tall)
        & (table.lon >= lon - wide)
        & (table.lon <= lon + wide)
        & (table.submitted_at >= clock.now() - timedelta(days=kind.visibility.similar_days))
    )
    found = []
    for record in map(record_of, rows):
        pinned = await declaration(heart, record.declaration)
        place = place_for(PUBLIC, record, pinned)
        if place is None or place.lon is None or place.lat is None:
            continue
        metres = metres_between(lon, lat, place.lon, place.lat)
        if metres <= radius:
            found.append(
                Similar(
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
            )
    return tuple(sorted(found, key=lambda each: (each.metres, each.submitted_at))[:MOST])
