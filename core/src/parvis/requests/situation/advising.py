"""Everything that stands against filing a request now: notices of the town, its schedules, operations under way."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import structs

from parvis import clock
from parvis.folding import fold
from parvis.i18n import format_date
from parvis.requests.heart import Heart
from parvis.requests.incident_matching import INCIDENT, belongs
from parvis.requests.situation.advice import Advice, in_each, joined
from parvis.requests.situation.bulletin import SEEN_TO, Bulletin, Posted
from parvis.requests.situation.by_schedule import by_schedule
from parvis.requests.situation.incident_facts import facts_of
from parvis.requests.situation.standing_notices import notices_of
from parvis.requests.situation.under_way import INSIST, under_way
from parvis.territory import Jurisdiction, Notice, locate
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

OPENS = Text(fr="Ouvert de nouveau le {day}.", en="Open again on {day}.")


async def advise(
    heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None, answers: Mapping[str, Any]
) -> tuple[Advice, ...]:
    """What is said to somebody who would file this now, from clean answers; at most one statement."""
    now = clock.now()
    zones = zones_at(town, place)
    found = [
        of_notice(town, notice, now)
        for notice in notices_of(heart, town, now)
        if notice.kind != "inform" and notice.is_about(kind.code) and notice.holds_in(zones)
    ]
    found += _followed_instead(heart, town, kind, place, answers, now)
    if (said := by_schedule(town, kind, zones, answers, now)) is not None:
        found.append(said)
    if not found and kind.operations:
        found += await under_way(heart, town, kind, zones, now)
    return tuple(found)


def _followed_instead(
    heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None, answers: Mapping[str, Any], now: datetime
) -> tuple[Advice, ...]:
    """The newest incident that this would belong to and that is rather followed than reported again."""
    return tuple(
        Advice(
            kind="operation",
            code=INCIDENT,
            title=posted.title,
            text=posted.word.words if posted.word else SEEN_TO,
            insist=INSIST,
            follow=posted.reference,
        )
        for posted in heart.of(Bulletin).incidents(town.code)
        if posted.instead and _would_belong(town, posted, kind, place, answers, now)
    )[:1]


def asks_little(heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None) -> bool:
    """Whether an incident is under way at a place for which only the necessary questions are asked."""
    now = clock.now()
    return any(
        posted.short and _would_belong(town, posted, kind, place, None, now)
        for posted in heart.of(Bulletin).incidents(town.code)
    )


def _would_belong(
    town: Jurisdiction,
    posted: Posted,
    kind: RequestType,
    place: Place | None,
    answers: Mapping[str, Any] | None,
    now: datetime,
) -> bool:
    """Whether a request filed now would belong to an incident; without answers whatever its words would be."""
    rule = posted.rule if answers is not None else structs.replace(posted.rule, words=())
    text = fold(" ".join(value for value in (answers or {}).values() if isinstance(value, str)))
    lon, lat = (place.lon, place.lat) if place else (None, None)
    return belongs(rule, facts_of(town, kind.code, now, lon, lat, text))


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
