"""Everything that is said to somebody who would file a request now: notices of the town, and what each source knows."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from parvis import clock
from parvis.i18n import format_date
from parvis.requests.advice.advice import Advice, in_each, joined
from parvis.requests.advice.sources import Asked, advice_sources
from parvis.requests.advice.standing_notices import notices_of
from parvis.requests.heart import Heart
from parvis.territory import Jurisdiction
from parvis.territory.notices import Notice
from parvis.territory.places import locate
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

OPENS = Text(fr="Ouvert de nouveau le {day}.", en="Open again on {day}.")


async def advise(
    heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """What is said to somebody who would file this now, from clean answers; at most one statement."""
    now, zones = clock.now(), zones_at(town, place)
    asked = Asked(town=town, kind=kind, place=place, zones=zones, answers=answers, at=now)
    found = [
        of_notice(town, notice, now)
        for notice in notices_of(heart, town, now)
        if notice.kind != "inform" and notice.is_about(kind.code) and notice.holds_in(zones)
    ]
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


def informing(
    heart: Heart, town: Jurisdiction, kind: RequestType | None, zones: tuple[str, ...] | None
) -> tuple[Notice, ...]:
    """The notices to be read beside a service, or on the first page; with `zones` None, those of any zone."""
    return tuple(
        notice
        for notice in notices_of(heart, town, clock.now())
        if (kind is None or notice.is_about(kind.code)) and (zones is None or notice.holds_in(zones))
    )


def of_notice(town: Jurisdiction, notice: Notice, now: datetime) -> Advice:
    """A notice that stops or diverts, as an answer; where it does so each year, with the day on which that is over."""
    span = notice.occurrence(now) if notice.kind == "stop" else None
    opens = span[1] + timedelta(days=1) if span else None
    again = OPENS.format(day=in_each(town, lambda: format_date(opens))) if opens else Text(fr="")
    return Advice(
        kind="stop" if notice.kind == "stop" else "divert",
        code=notice.code,
        title=notice.title,
        text=joined(notice.text, again, by="\n\n"),
        link=notice.link,
        phone=notice.phone,
        to=notice.to,
    )
