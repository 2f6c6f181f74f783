"""Finding places for a page, by the locator of the town or its own addresses, and whose a place is."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

import httpx
import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addressing.found import FoundAddress
from parvis.jurisdictions.layers import ASSETS, Asset, nearest_assets
from parvis.jurisdictions.owners import Owner, owner_of
from parvis.jurisdictions.places import locate, misdrawn, nearest_address, search_addresses
from parvis.jurisdictions.shapes import metres_between
from parvis.plugins.trying import Failure, Success, attempt
from parvis.requests.heart import Heart
from parvis.text_normalisation import words_of
from parvis_sdk.connectors import Pace
from parvis_sdk.locators import FoundPlace, Locator
from parvis_sdk.problems import Problem, problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

FAILURES = 3
REST = timedelta(seconds=30)


class Circuits:
    """How each locator or payment provider has been doing in this process; it lives as long as the host."""

    def __init__(self) -> None:
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, datetime] = {}

    def is_open(self, name: str, now: datetime) -> bool:
        """Whether it is left alone for now; when its rest is over, one call may try it."""
        until = self._rests_until.get(name)
        if until is None:
            return False
        if until > now:
            return True
        self._rests_until[name] = now + REST  # whoever asks meanwhile does not wait for the one that tries
        return False

    def worked(self, name: str) -> None:
        """It answered in time."""
        self._failures.pop(name, None)
        self._rests_until.pop(name, None)

    def failed(self, name: str, now: datetime) -> None:
        """It did not."""
        self._failures[name] = self._failures.get(name, 0) + 1
        if self._failures[name] >= FAILURES:
            self._rests_until[name] = now + REST


OUTSIDE = Text(
    fr="Cet endroit est en dehors du territoire\u00a0: {town}.", en="This place is outside the territory of {town}."
)
NOT_OURS = Text(
    fr="Cet endroit relève de {owner}. {note} {link} {phone}",
    en="This place is looked after by {owner}. {note} {link} {phone}",
)
MISDRAWN = {
    "turned": Text(
        fr="La latitude et la longitude sont inversées\u00a0: la longitude vient d’abord.",
        en="Latitude and longitude are in each other’s place: longitude comes first.",
    ),
    "crossing": Text(
        fr="Les lignes de la zone dessinée se croisent\u00a0: dessinez-la de nouveau.",
        en="The lines of the area drawn cross each other: draw it again.",
    ),
}
AROUND = 400  # metres in which things are offered to choose among
MOST_OFFERED = 8


class PlaceOwnership(Struct, frozen=True, kw_only=True):
    """`owner` is whoever else looks after the place; `stops` says that the town does not take the demand for it."""

    stands: Literal["ours", "outside", "not_ours"] = "ours"
    owner: Owner | None = None
    stops: bool = False


def standing(town: Jurisdiction, kind: RequestType, lon: float, lat: float) -> PlaceOwnership:
    """One answer for one point, the same for a page, its map, the desk and the API."""
    owner = owner_of(town, kind.code, lon, lat)
    if owner is not None:
        return PlaceOwnership(stands="not_ours", owner=owner, stops=not owner.passed_on)
    if kind.place.inside and not locate(town, lon, lat).inside:
        return PlaceOwnership(stands="outside", stops=True)
    return PlaceOwnership()


def drawn_wrong(town: Jurisdiction, place: Place) -> Problem | None:
    """What is wrong with how a place was given, whatever its type of request: turned, or with lines that cross."""
    wrong = misdrawn(town, place)
    return Problem(path="place", code=wrong, message=MISDRAWN[wrong]) if wrong else None


def misplaced(town: Jurisdiction, kind: RequestType, place: Place | None) -> Problem | None:
    """Why the town cannot take a demand about this place, if it cannot."""
    if place is None or place.lon is None or place.lat is None:
        return None
    if (wrong := drawn_wrong(town, place)) is not None:
        return wrong
    found = standing(town, kind, place.lon, place.lat)
    if not found.stops:
        return None
    if found.owner is None:
        return Problem(path="place", code="outside", message=OUTSIDE.format(town=town.name))
    return not_ours(found.owner)


def not_ours(owner: Owner) -> Problem:
    """The answer that somebody else looks after it, with where to turn."""
    message = NOT_OURS.format(owner=owner.name, note=owner.note, link=owner.link, phone=owner.phone)
    return Problem(path="place", code="not_ours", message=message.each(lambda words, _: " ".join(words.split())))


def pointed_at(
    town: Jurisdiction, kind: RequestType, place: Place | None, language: str = "fr"
) -> Place | Problem | None:
    """The place with the point and the names of the things that it points at; a problem when the town has no such."""
    if place is None or not place.assets:
        return place
    named = named_assets(town, kind, place.assets)
    if len(named) < len(place.assets):
        return problem("asset_unknown", "place")
    if not (place.address or place.words):
        place = structs.replace(place, address=words_of_assets(town, kind, place.assets, language)[:200])
    return place if place.lon is not None else structs.replace(place, lon=named[0].lon, lat=named[0].lat)


def words_of_assets(town: Jurisdiction, kind: RequestType, codes: tuple[str, ...], language: str) -> str:
    """The names of the things behind these codes, with the codes."""
    return ", ".join(f"{one.name.to(language)} ({one.code})" for one in named_assets(town, kind, codes))


def named_assets(town: Jurisdiction, kind: RequestType, codes: tuple[str, ...]) -> tuple[Asset, ...]:
    """The things behind these codes, those that are not there any more left out."""
    layer = ASSETS.of(town).get(kind.place.assets)
    found = (layer.coded(code) for code in codes) if layer else ()
    return tuple(asset for asset in found if asset is not None)


def offered_assets(
    town: Jurisdiction, kind: RequestType, lon: float, lat: float, chosen: tuple[str, ...] = ()
) -> tuple[Asset, ...]:
    """What may be meant around a point, those chosen already among them."""
    layer = kind.place.assets
    if not layer:
        return ()
    near = nearest_assets(town, layer, lon, lat, MOST_OFFERED, AROUND)
    return (*(one for one in named_assets(town, kind, chosen) if one not in near), *near)


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
