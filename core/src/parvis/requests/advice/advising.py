"""Everything said to somebody who would file a request now: notices of the town first, then what each source knows."""

from collections.abc import Mapping
from typing import Any

from parvis import clock
from parvis.requests.advice.advice import Advice
from parvis.requests.advice.sources import Asked, advice_sources
from parvis.requests.heart import Heart
from parvis.territory import Jurisdiction
from parvis.territory.places import locate
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place


async def advise(
    heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """What is said to somebody who would file this now, from clean answers; at most one statement."""
    now, zones = clock.now(), zones_at(town, place)
    asked = Asked(town=town, kind=kind, place=place, zones=zones, answers=answers, at=now)
    found: list[Advice] = []
    for source in advice_sources(heart, town):
        if not (source.last and found):
            found += await source.advise(heart, asked)
    return tuple(found)


def asks_little(heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None) -> bool:
    """Whether only the necessary questions are put there now."""
    return any(
        source.asks_little(heart, town, kind, place)
        for source in advice_sources(heart, town)
        if source.asks_little is not None
    )


def zones_at(town: Jurisdiction, place: Place | None) -> tuple[str, ...]:
    """The zones in which a place lies; none while nobody knows where it is."""
    if place is None or place.lon is None or place.lat is None:
        return ()
    return locate(town, place.lon, place.lat).zone_codes
