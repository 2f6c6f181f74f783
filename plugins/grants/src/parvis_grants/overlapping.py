"""Who else wants the same ground on the same days: requests whose areas and dates meet."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from shapely.affinity import scale
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.shapes import METRES_PER_DEGREE
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.parts.together import answered_again
from parvis.requests.records import Record, record_of, state_title
from parvis.requests.visibility import SYSTEM_VIEWER, Viewer, sees
from parvis_sdk.overlaps import OVERLAP_AREA, OVERLAP_LENGTH, OVERLAPS, Overlap
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.standing_answers import standing_answers
from parvis_sdk.text import Text

WIDEST = 3_000.0  # metres from the middle of an area within which others are compared with it
MOST = 500
ANOTHER = Text(fr="Une autre requête", en="Another request")


class GroundOverlap(Struct, frozen=True, kw_only=True):
    """Another request that wants some of the same ground on some of the same days.

    Of one that the viewer may not see only the days and how much is in common are told; `reference` is then empty.
    """

    reference: str
    title: Text
    state_title: Text
    address: str
    first: date
    last: date
    square_metres: int
    metres: int = 0


async def overlapping(
    host: Host, record: Record, request_type: RequestType, viewer: Viewer
) -> tuple[GroundOverlap, ...]:
    """What overlaps this request and is not over, by its first day."""
    rule, place = request_type.overlaps, record.place
    if rule is None or place is None or place.lon is None or place.lat is None:
        return ()
    ground, days = _ground(place), _days(rule, await _standing(record, request_type))
    if ground is None or days is None:
        return ()
    found = []
    for other in await _around(record, (record.type, *rule.types), place.lon, place.lat):
        seen = sees(viewer, other, host.jurisdictions)
        pinned = await declaration(host, other.declaration)
        area = _ground(other.place) if other.place else None
        if pinned.overlaps is None or area is None or not area.intersects(ground):
            continue
        theirs = _days(pinned.overlaps, await _standing(other, pinned))
        if theirs is None or theirs[0] > days[1] or theirs[1] < days[0]:
            continue
        common = area.intersection(ground)
        found.append(
            GroundOverlap(
                reference=other.reference if seen else "",
                title=pinned.title if seen else ANOTHER,
                state_title=state_title(other, pinned) if seen else Text(fr=""),
                address=other.address if seen else "",
                first=theirs[0],
                last=theirs[1],
                square_metres=_square_metres(common, place.lat),
                metres=_metres(common, place.lat),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.first, each.reference)))


async def known_overlaps(host: Host, record: Record, request_type: RequestType) -> dict[str, int]:
    """The same as numbers, for what a move needs: the town itself sees them all."""
    found = await overlapping(host, record, request_type, SYSTEM_VIEWER)
    area, length = sum(each.square_metres for each in found), sum(each.metres for each in found)
    return {OVERLAPS: len(found), OVERLAP_AREA: area, OVERLAP_LENGTH: length}


async def _standing(record: Record, request_type: RequestType) -> dict[str, Any]:
    """The answers with those of moves: a renewal may have given it another last day."""
    return standing_answers(request_type, record.answers, await answered_again(record, request_type))


async def _around(record: Record, types: tuple[str, ...], lon: float, lat: float) -> list[Record]:
    tall = WIDEST / METRES_PER_DEGREE
    wide = tall / max(0.05, math.cos(math.radians(lat)))
    table = ServiceRequest
    rows = (
        await table.select()
        .where(
            (table.jurisdiction == record.jurisdiction)
            & table.type.is_in(list(types))
            & (table.phase != "closed")
            & table.erased_at.is_null()
            & (table.lat >= lat - tall)
            & (table.lat <= lat + tall)
            & (table.lon >= lon - wide)
            & (table.lon <= lon + wide)
        )
        .order_by(table.id, ascending=False)
        .limit(MOST)
    )
    return [record_of(row) for row in rows if row["id"] != record.id]


def _ground(place: Place) -> BaseGeometry | None:
    if not place.geometry:
        return None
    ground = shape(place.geometry)
    return ground if ground.is_valid else ground.buffer(0)  # a figure of eight is still some ground


def _days(rule: Overlap, answers: Mapping[str, Any]) -> tuple[date, date] | None:
    given = [answers.get(code) for code in (rule.first, rule.last)]
    if not all(isinstance(day, str) for day in given):
        return None
    first, last = (date.fromisoformat(str(day)) for day in given)
    return min(first, last), max(first, last)


def _metres(common: BaseGeometry, lat: float) -> int:
    """The length that two lines, or a line and an area, have in common; 0 of two areas."""
    if common.area:
        return 0
    return round(scale(common, xfact=math.cos(math.radians(lat)), origin=(0, 0)).length * METRES_PER_DEGREE)


def _square_metres(area: BaseGeometry, lat: float) -> int:
    return round(area.area * METRES_PER_DEGREE * METRES_PER_DEGREE * math.cos(math.radians(lat)))
