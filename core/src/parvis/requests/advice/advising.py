"""Everything said to somebody who would file a request now: notices of the town first, then what each source knows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.places import locate
from parvis.modules import part
from parvis.requests.advice.advice import Advice
from parvis.requests.host import Host
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place

FIRST, LAST = "parvis.requests.advice.by_notice", "parvis.requests.advice.by_schedule"
"""The rooms of the core that advise, before those of modules and after; each has its source under the name ADVICE."""


class AdviceInquiry(Struct, frozen=True, kw_only=True):
    """What somebody would file: its type, the place and its zones as far as they are known, and clean answers."""

    town: Jurisdiction
    kind: RequestType
    place: Place | None
    zones: tuple[str, ...]
    answers: Mapping[str, Any]
    at: datetime


class AdviceSource(Struct, frozen=True, kw_only=True):
    """What one owner says of a request before it is filed; all but `advise` is told from memory.

    A `last` one is heard only where nobody else has said anything. `asks_little`: only the necessary questions are put
    at that place now.
    """

    advise: Callable[[Host, AdviceInquiry], Awaitable[Sequence[Advice]]]
    last: bool = False
    asks_little: Callable[[Host, Jurisdiction, RequestType, Place | None], bool] | None = None


async def advise(
    host: Host, town: Jurisdiction, kind: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """What is said to somebody who would file this now, from clean answers; at most one statement."""
    now, zones = clock.now(), zones_at(town, place)
    asked = AdviceInquiry(town=town, kind=kind, place=place, zones=zones, answers=answers, at=now)
    found: list[Advice] = []
    for source in advice_sources(host, town):
        if not (source.last and found):
            found += await source.advise(host, asked)
    return tuple(found)


def asks_little(host: Host, town: Jurisdiction, kind: RequestType, place: Place | None) -> bool:
    """Whether only the necessary questions are put there now."""
    return any(
        source.asks_little(host, town, kind, place)
        for source in advice_sources(host, town)
        if source.asks_little is not None
    )


def zones_at(town: Jurisdiction, place: Place | None) -> tuple[str, ...]:
    """The zones in which a place lies; none while nobody knows where it is."""
    if place is None or place.lon is None or place.lat is None:
        return ()
    return locate(town, place.lon, place.lat).zone_codes


def advice_sources(host: Host, town: Jurisdiction) -> tuple[AdviceSource, ...]:
    """Notices, then what the modules of a town know, then its schedules; the last ones last."""
    found = (part(FIRST).ADVICE, *host.modules.heard(AdviceSource, town), part(LAST).ADVICE)
    return tuple(sorted(found, key=lambda each: each.last))
