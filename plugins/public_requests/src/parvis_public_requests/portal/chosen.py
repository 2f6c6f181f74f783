"""What somebody chose to see of the public list, read from its address and written back: the address is its state."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from msgspec import Struct, structs

from parvis import clock
from parvis.i18n import format_number, gettext, ngettext, pgettext, say
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.search import Filters
from parvis.requests.locating import find_places
from parvis.requests.offered import public_types, themes_of
from parvis.web.grouping import corners_of
from parvis.web.portal.visit import Visit
from parvis_sdk.cleaning import clean
from parvis_sdk.request_types import Theme
from parvis_sdk.requests import Phase

MOST_TYPED = 200
OPEN = "open"
PHASES = (OPEN, *(phase.value for phase in Phase))
PERIODS = ("7", "30", "90", "365")
WITHIN = ("200", "500", "1000", "2000")
USUALLY = "500"
POINT = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,;]\s*(-?\d{1,3}(?:\.\d+)?)\s*")


class RequestFilters(Struct, frozen=True, kw_only=True):
    """Each filter as its address says it, empty where it does not narrow; `at` is the point that `near` was read as."""

    q: str = ""
    type: str = ""
    theme: str = ""
    zone: str = ""
    phase: str = ""
    period: str = ""
    near: str = ""
    within: str = ""
    box: str = ""
    at: tuple[float, float] | None = None

    @property
    def query(self) -> dict[str, str]:
        """What the address says, always in this order."""
        values = {name: getattr(self, name) for name in NAMES}
        return {name: value for name, value in values.items() if value}

    def without(self, name: str) -> "RequestFilters":
        """The same list with one filter less."""
        gone = {name: "", **({"within": "", "at": None} if name == "near" else {})}
        return structs.replace(self, **gone)

    @property
    def corners(self) -> tuple[float, float, float, float] | None:
        return corners_of(self.box)


TYPED, CODES = ("q", "near"), ("type", "theme", "zone")
NAMES = tuple(name for name in RequestFilters.__struct_fields__ if name != "at")


async def chosen_in(here: Visit, given: Mapping[str, str]) -> RequestFilters:
    """What a query string asks for; what reads as nothing of ours is left out."""
    values = {name: plain(given.get(name, "")) for name in NAMES}
    if given.get("open") == "oui" and not values["phase"]:
        values["phase"] = OPEN
    for name, known in (("phase", PHASES), ("period", PERIODS), ("within", WITHIN)):
        values[name] = values[name] if values[name] in known else ""
    corners = corners_of(values["box"])
    values["box"] = ",".join(f"{number:.5f}" for number in corners) if corners else ""
    values["within"] = (values["within"] or USUALLY) if values["near"] else ""
    return RequestFilters(**values, at=await point_of(here, values["near"]) if values["near"] else None)


def plain(value: str) -> str:
    return " ".join(clean(value[:MOST_TYPED]).split())


async def point_of(here: Visit, near: str) -> tuple[float, float] | None:
    """Where the words of the person are: an address of the town, or a position that their device gave."""
    if match := POINT.fullmatch(near):
        lat, lon = float(match[1]), float(match[2])
        return (lon, lat) if abs(lat) <= 90 and abs(lon) <= 180 else None
    found = await find_places(here.host, here.town, near, 1)
    return (found[0].lon, found[0].lat) if found else None


def filters_of(here: Visit, chosen: RequestFilters) -> Filters:
    """The same as a filter of requests. A place that is not known narrows nothing: the page says so."""
    return Filters(
        text=chosen.q,
        types=(chosen.type,) if chosen.type else (),
        themes=(chosen.theme,) if chosen.theme else (),
        zones=(chosen.zone,) if chosen.zone else (),
        phases=(chosen.phase,) if chosen.phase and chosen.phase != OPEN else (),
        open=True if chosen.phase == OPEN else None,
        since=days_ago(here, int(chosen.period)) if chosen.period else None,
        box=chosen.corners,
        near=(*chosen.at, int(chosen.within)) if chosen.at else None,
    )


def days_ago(here: Visit, days: int) -> datetime:
    """The beginning of a day of the town."""
    day = local_day(here.town.calendar, clock.now()) - timedelta(days=days)
    return datetime.combine(day, time(), ZoneInfo(here.town.time_zone))


def public_themes(here: Visit) -> tuple[Theme, ...]:
    return tuple(themes_of(public_types(here.host, here.town)).values())


def phase_words(phase: str) -> str:
    words = {
        OPEN: gettext("Open only"),
        "received": pgettext("phase", "Received"),
        "in_progress": pgettext("phase", "In progress"),
        "waiting_for_you": gettext("Waiting for the requester"),
        "decided": pgettext("phase", "Decided"),
        "closed": pgettext("phase", "Closed"),
    }
    return words[phase]


def period_words(days: str) -> str:
    if days == "365":
        return gettext("Last 12 months")
    return ngettext("Last %(num)s day", "Last %(num)s days", int(days)) % {"num": days}


def metres_words(metres: str) -> str:
    number = int(metres)
    return f"{number}\u00a0m" if number < 1000 else f"{format_number(number / 1000)}\u00a0km"


def words_of(here: Visit, chosen: RequestFilters) -> dict[str, str]:
    """Each filter in force as a person says it, by its name."""
    kinds = {request_type.code: say(request_type.title) for request_type in public_types(here.host, here.town)}
    themes = {theme.code: say(theme.title) for theme in public_themes(here)}
    zones = {zone.code: say(zone.name) for zone in here.town.zones}
    said: dict[str, Callable[[str], str]] = {
        "q": lambda words: gettext("“%(words)s”") % {"words": words},
        "type": lambda code: kinds.get(code, code),
        "theme": lambda code: themes.get(code, code),
        "zone": lambda code: zones.get(code, code),
        "phase": phase_words,
        "period": period_words,
        "near": lambda words: near_words(words, chosen.within),
        "box": lambda _: gettext("Within the map"),
    }
    return {name: said[name](value) for name, value in chosen.query.items() if name in said}


def words_in_title(here: Visit, chosen: RequestFilters) -> tuple[str, ...]:
    """The filters that a title names: what somebody typed into an address never stands under the name of the town."""
    offered = {
        *(request_type.code for request_type in public_types(here.host, here.town)),
        *(theme.code for theme in public_themes(here)),
        *(zone.code for zone in here.town.zones),
    }
    said, sought = words_of(here, chosen), gettext("Search results")
    ours = [
        sought if name in TYPED else words
        for name, words in said.items()
        if name not in CODES or chosen.query[name] in offered
    ]
    return tuple(dict.fromkeys(ours))


def near_words(near: str, within: str) -> str:
    place = gettext("my position") if POINT.fullmatch(near) else near
    return gettext("Within %(metres)s of %(place)s") % {"metres": metres_words(within), "place": place}


def chips(here: Visit, chosen: RequestFilters, path: str, **more: str) -> list[tuple[str, str]]:
    """Each filter in force as words, with the address of the list without it."""
    return [(words, addressed(path, chosen.without(name), **more)) for name, words in words_of(here, chosen).items()]


def addressed(path: str, chosen: RequestFilters, **more: str) -> str:
    query = urlencode({**chosen.query, **{name: value for name, value in more.items() if value}})
    return f"{path}?{query}" if query else path
