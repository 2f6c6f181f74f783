"""Everything that stands against filing a request now: notices of the town, its schedules, operations under way."""

from collections.abc import Mapping
from typing import Any

from parvis import clock
from parvis.requests.advice import Advice
from parvis.requests.by_schedule import by_schedule
from parvis.requests.heart import Heart, notices_of
from parvis.requests.under_way import under_way
from parvis.territory import Jurisdiction, Notice, locate
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place


async def advise(
    heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """What is said to somebody who would file this now, from clean answers; at most one statement."""
    now = clock.now()
    zones = zones_at(town, place)
    found = [
        of_notice(notice)
        for notice in notices_of(heart, town, now)
        if notice.kind != "inform" and notice.is_about(kind.code) and notice.holds_in(zones)
    ]
    if (said := by_schedule(town, kind, zones, answers, now)) is not None:
        found.append(said)
    if not found and kind.operations:
        found += await under_way(heart, town, kind, zones, now)
    return tuple(found)


def zones_at(town: Jurisdiction, place: Place | None) -> tuple[str, ...]:
    """The zones in which a place lies; none while nobody knows where it is."""
    if place is None or place.lon is None or place.lat is None:
        return ()
    return locate(town, place.lon, place.lat).zone_codes


def informing(
    heart: Heart, town: Jurisdiction, kind: RequestType | None, zones: tuple[str, ...] | None
) -> tuple[Notice, ...]:
    """The notices to be read beside a service, or on the first page; with `zones` None, those of any zone."""
    return tuple(
        notice
        for notice in notices_of(heart, town, clock.now())
        if (kind is None or notice.is_about(kind.code)) and (zones is None or notice.holds_in(zones))
    )


def of_notice(notice: Notice) -> Advice:
    """A notice that stops or diverts, as an answer."""
    return Advice(
        kind="stop" if notice.kind == "stop" else "divert",
        code=notice.code,
        title=notice.title,
        text=notice.text,
        link=notice.link,
        phone=notice.phone,
        to=notice.to,
    )
