"""What a town says of a place: whose it is, what stands there, and by which address everybody may know it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import NO_ADDRESSES, AddressBase, Addresses, FoundAddress
from parvis.jurisdictions.layers import ASSETS, Asset, nearest_assets
from parvis.jurisdictions.owners import Owner, owner_of
from parvis.jurisdictions.places import locate, misdrawn
from parvis.jurisdictions.shapes import metres_between
from parvis.requests.host import Host
from parvis_sdk.problems import Problem, problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import words_of

Point = tuple[float, float]
OUTSIDE = Text(
    fr="Cet endroit est en dehors du territoire\u00a0: {town}.", en="This place is outside the territory of {town}."
)
NOT_OURS = Text(
    fr="Cet endroit relève de {owner}. {note} {link} {phone}",
    en="The body in charge of this place is {owner}. {note} {link} {phone}",
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
    """`owner` is another body responsible for the place; `stops` says that the town does not take a request for it."""

    stands: Literal["ours", "outside", "not_ours"] = "ours"
    owner: Owner | None = None
    stops: bool = False


def standing(town: Jurisdiction, request_type: RequestType, lon: float, lat: float) -> PlaceOwnership:
    """One answer for one point, the same for a page, its map, the desk and the API."""
    owner = owner_of(town, request_type.code, lon, lat)
    if owner is not None:
        return PlaceOwnership(stands="not_ours", owner=owner, stops=not owner.passed_on)
    if request_type.place.inside and not locate(town, lon, lat).inside:
        return PlaceOwnership(stands="outside", stops=True)
    return PlaceOwnership()


def drawn_wrong(town: Jurisdiction, place: Place) -> Problem | None:
    """What is wrong with how a place was given, whatever its type of request: turned, or with lines that cross."""
    wrong = misdrawn(town, place)
    return Problem(path="place", code=wrong, message=MISDRAWN[wrong]) if wrong else None


def misplaced(town: Jurisdiction, request_type: RequestType, place: Place | None) -> Problem | None:
    """Why the town cannot take a request about this place, if it cannot."""
    if place is None or place.lon is None or place.lat is None:
        return None
    if (wrong := drawn_wrong(town, place)) is not None:
        return wrong
    found = standing(town, request_type, place.lon, place.lat)
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
    town: Jurisdiction, request_type: RequestType, place: Place | None, language: str = "fr"
) -> Place | Problem | None:
    """The place with the point and the names of the things that it points at; a problem when the town has no such."""
    if place is None or not place.assets:
        return place
    named = named_assets(town, request_type, place.assets)
    if len(named) < len(place.assets):
        return problem("asset_unknown", "place")
    if not (place.address or place.words):
        place = structs.replace(place, address=words_of_assets(town, request_type, place.assets, language)[:200])
    return place if place.lon is not None else structs.replace(place, lon=named[0].lon, lat=named[0].lat)


def words_of_assets(town: Jurisdiction, request_type: RequestType, codes: tuple[str, ...], language: str) -> str:
    """The names of the things behind these codes, with the codes."""
    return ", ".join(f"{one.name.to(language)} ({one.code})" for one in named_assets(town, request_type, codes))


def named_assets(town: Jurisdiction, request_type: RequestType, codes: tuple[str, ...]) -> tuple[Asset, ...]:
    """The things behind these codes, those that are not there any more left out."""
    layer = ASSETS.of(town).get(request_type.place.assets)
    found = (layer.coded(code) for code in codes) if layer else ()
    return tuple(asset for asset in found if asset is not None)


def offered_assets(
    town: Jurisdiction, request_type: RequestType, lon: float, lat: float, chosen: tuple[str, ...] = ()
) -> tuple[Asset, ...]:
    """What may be meant around a point, those chosen already among them."""
    layer = request_type.place.assets
    if not layer:
        return ()
    near = nearest_assets(town, layer, lon, lat, MOST_OFFERED, AROUND)
    return (*(one for one in named_assets(town, request_type, chosen) if one not in near), *near)


MOST_SEARCHED = 8
NEAREST = 150.0  # metres around a point in which an address may be said to be the nearest
MOST_LETTERS = 200
SAME_PLACE = 250.0  # metres between a point and the address that was typed for it


def addresses_of(host: Host, town: Jurisdiction) -> Addresses:
    """What a town knows of its addresses itself, where a module that reads them is on."""
    return next((each.of(town) for each in host.modules.heard(AddressBase, town)), NO_ADDRESSES)


def finds_addresses(host: Host, town: Jurisdiction) -> bool:
    """Whether anybody there can be asked where an address is: where nobody can, a place is a point, or in words."""
    return town.locator in host.plugins.locators or addresses_of(host, town) is not NO_ADDRESSES


def suggested_at(host: Host, town: Jurisdiction) -> tuple[str, ...]:
    """The parts of the path that suggests addresses for what is being typed; none where nothing is found."""
    there = finds_addresses(host, town)
    return next((each.suggested_at for each in host.modules.heard(AddressBase, town) if there), ())


@dataclass(frozen=True)
class AddressVerifier:
    """Who knows more addresses than the base of a town: its locator, where the process has what asks one."""

    find: Callable[[Host, Jurisdiction, str, Point | None], Awaitable[Sequence[FoundAddress]]] | None = None
    at: Callable[[Host, Jurisdiction, float, float], Awaitable[FoundAddress | None]] | None = None


async def verified_address(
    host: Host, town: Jurisdiction, request_type: RequestType, place: Place | None, *, ask: bool = True
) -> str | None:
    """What everybody may read for the place, in words of the address base whatever was sent: the address that was
    typed where the base has it there, else the one nearest to the point; empty where the base knows neither. None where
    there is nobody who could be asked: a chore does so once there is.

    Where nothing was typed nothing is said. The locator is asked unless `ask` is false.
    """
    typed = (place.address or place.words) if place else ""
    if place is None or not typed:
        return ""
    point = (place.lon, place.lat) if place.lon is not None and place.lat is not None else None
    if place.assets and typed in _asset_names(town, request_type, place):
        return typed
    if not finds_addresses(host, town):
        return None
    base = addresses_of(host, town)
    found: Sequence[FoundAddress] | None = base.exact(typed)
    if found is None:
        found = base.search(typed, MOST_SEARCHED, point)
    if known := _just_so(found, typed, point):
        return known
    verifier = host.of(AddressVerifier) if ask and town.locator else AddressVerifier()
    if verifier.find is not None and (known := _just_so(await verifier.find(host, town, typed, point), typed, point)):
        return known
    if point is None:
        return ""
    nearest = await verifier.at(host, town, *point) if verifier.at is not None else base.nearest(*point, NEAREST)
    return nearest.text[:MOST_LETTERS] if nearest else ""


def _just_so(found: Sequence[FoundAddress], typed: str, point: tuple[float, float] | None) -> str:
    """The text of the base that is written so and lies there; a street is there all along."""
    for one in found:
        is_there = point is None or one.kind == "street" or metres_between(one.lon, one.lat, *point) <= SAME_PLACE
        if words_of(one.text) == words_of(typed) and is_there:
            return one.text[:MOST_LETTERS]
    return ""


def _asset_names(town: Jurisdiction, request_type: RequestType, place: Place) -> set[str]:
    return {words_of_assets(town, request_type, place.assets, language)[:MOST_LETTERS] for language in town.languages}
