"""Finding places for a page: by the locator that the town chose, within a time limit, else by its own addresses.

What a locator answers is compared with what it was asked: an address far from the point, or one that has nothing of
the number and words that a person typed, is the answer to somebody else.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import httpx
import structlog

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addressing.found import FoundAddress
from parvis.jurisdictions.places import nearest_address, search_addresses
from parvis.jurisdictions.plane import metres_between
from parvis.plugins.trying import Failure, Success, attempt
from parvis.requests.heart import Heart
from parvis.requests.places.circuit import Circuits
from parvis.requests.places.whose_place import words_of_assets
from parvis.text_normalisation import words_of
from parvis_sdk.connectors import Pace
from parvis_sdk.locators import FoundPlace, Locator
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place

MOST_LETTERS = 200
SAME_PLACE = 250.0  # metres between a point and the address that was typed for it
LIMIT = 1.5  # seconds that a person waits for a suggestion before the plainer list is good enough
FARTHEST = 1000.0  # metres between a point and what is said to be its address
PACE = Pace(at_once=16, seconds=LIMIT)
log = structlog.get_logger("parvis.locating")
Answer = TypeVar("Answer")


class LocatorCircuits(Circuits):
    """How each locator has been doing in this process."""


async def find_places(
    heart: Heart, town: Jurisdiction, words: str, limit: int = 8, near: tuple[float, float] | None = None
) -> tuple[FoundAddress, ...]:
    """What the words may mean, best first, of equals those near a point.

    A locator that is away is not noticed but by a plainer list.
    """
    locator = _chosen(heart, town)
    if locator is not None:
        found = await _asked(heart, locator, lambda http: locator.find(town.code, words, limit, http), _are_places)
        ours = [each for each in found or () if _answers(words, each)]
        _log_what_is_left_out(locator, len(found or ()) - len(ours))
        if ours:
            return tuple(_address(each) for each in ours[:limit])
    return search_addresses(town, words, limit, near)


async def address_at(
    heart: Heart, town: Jurisdiction, lon: float, lat: float, within_m: float = 150
) -> FoundAddress | None:
    """The address nearest to a point."""
    locator = _chosen(heart, town)
    if locator is not None:
        found = await _asked(heart, locator, lambda http: locator.address_at(town.code, lon, lat, http), _is_place)
        if found is not None and metres_between(lon, lat, found.lon, found.lat) <= FARTHEST:
            return _address(found)
        _log_what_is_left_out(locator, int(found is not None))
    return nearest_address(town, lon, lat, within_m)


async def verified_address(
    heart: Heart, town: Jurisdiction, kind: RequestType, place: Place | None, *, ask: bool = True
) -> str:
    """What everybody may read for the place, in words of the address base whatever was sent: the address that was
    typed where the base has it there, else the one nearest to the point; empty where the base knows neither.

    Where nothing was typed nothing is said. The locator is asked unless `ask` is false.
    """
    typed = (place.address or place.words) if place else ""
    if place is None or not typed:
        return ""
    point = (place.lon, place.lat) if place.lon is not None and place.lat is not None else None
    if place.assets and typed in _asset_names(town, kind, place):
        return typed
    found: Sequence[FoundAddress] = search_addresses(town, typed, near=point)
    if known := _just_so(found, typed, point):
        return known
    if ask and _chosen(heart, town) is not None:
        if known := _just_so(await find_places(heart, town, typed, near=point), typed, point):
            return known
        nearest = await address_at(heart, town, *point) if point else None
    else:
        nearest = nearest_address(town, *point) if point else None
    return nearest.text[:MOST_LETTERS] if nearest else ""


def _just_so(found: Sequence[FoundAddress], typed: str, point: tuple[float, float] | None) -> str:
    """The text of the base that is written so and lies there; a street is there all along."""
    for one in found:
        is_there = point is None or one.kind == "street" or metres_between(one.lon, one.lat, *point) <= SAME_PLACE
        if words_of(one.text) == words_of(typed) and is_there:
            return one.text[:MOST_LETTERS]
    return ""


def _asset_names(town: Jurisdiction, kind: RequestType, place: Place) -> set[str]:
    return {words_of_assets(town, kind, place.assets, language)[:MOST_LETTERS] for language in town.languages}


async def facts_at(heart: Heart, town: Jurisdiction, lon: float, lat: float) -> dict[str, Any]:
    """What the locator of the town knows of a point; nothing where there is none or it is away."""
    locator = _chosen(heart, town)
    if locator is None:
        return {}
    return await _asked(heart, locator, lambda http: locator.facts_at(town.code, lon, lat, http), _are_facts) or {}


def _chosen(heart: Heart, town: Jurisdiction) -> Locator | None:
    return heart.house.locators.get(town.locator) if town.locator else None


async def _asked(
    heart: Heart,
    locator: Locator,
    call: Callable[[httpx.AsyncClient], Awaitable[Answer]],
    is_right: Callable[[object], bool],
) -> Answer | None:
    now = clock.now()
    if heart.of(LocatorCircuits).is_open(locator.name, now):
        return None
    tried = await attempt(
        lambda: call(heart.clients.of(f"locator:{locator.name}", PACE)),
        LIMIT,
        function=type(locator),
        threads=heart.threads,
    )
    if isinstance(tried, Success) and is_right(tried.value):
        heart.of(LocatorCircuits).worked(locator.name)
        return tried.value
    heart.of(LocatorCircuits).failed(locator.name, now)
    what = "it answered something else than places" if isinstance(tried, Success) else str(tried)
    where = tried.where if isinstance(tried, Failure) else ""
    log.warning("locator", name=locator.name, trouble=what, where=where)
    return None


def _answers(words: str, place: FoundPlace) -> bool:
    """Whether a place may be what was typed: of an address at least its number or one of its words, begun or whole."""
    if not words.strip()[:1].isdecimal():
        return True  # a name: what it stands for may be written otherwise
    asked, told = map(words_of, (words, f"{place.text} {place.postal_code}"))
    return any(one.startswith(other) or other.startswith(one) for one in asked for other in told)


def _log_what_is_left_out(locator: Locator, many: int) -> None:
    if many:
        log.warning("locator", name=locator.name, trouble="it answered about something else than was asked", many=many)


def _are_places(answer: object) -> bool:
    return isinstance(answer, list) and all(isinstance(each, FoundPlace) for each in answer)


def _is_place(answer: object) -> bool:
    return answer is None or isinstance(answer, FoundPlace)


def _are_facts(answer: object) -> bool:
    return isinstance(answer, dict)


def _address(place: FoundPlace) -> FoundAddress:
    """A locator does not tell whether it mended the words: only what is written just so is taken without asking."""
    return FoundAddress(text=place.text, lon=place.lon, lat=place.lat, postal_code=place.postal_code, fit="corrected")
