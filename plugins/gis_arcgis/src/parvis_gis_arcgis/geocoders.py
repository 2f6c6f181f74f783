"""The GeocodeServer's dialect: an address for words, an address for a point, suggestions for a beginning."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from parvis_gis_arcgis.candidates import Candidate, Location, parted, places_of, point_in
from parvis_gis_arcgis.client import BadRequest, Client
from parvis_gis_arcgis.settings import Geocoder
from parvis_sdk.errors import Later
from parvis_sdk.locators import FoundPlace
from parvis_sdk.text import Text

DEGREES = {"wkid": 4326}
SHOWN = "*"


class _Reference(Struct, frozen=True):
    wkid: int | None = None
    latest: int | None = field(default=None, name="latestWkid")


class _Candidates(Struct, frozen=True):
    candidates: list[Candidate]
    reference: _Reference = field(default=_Reference(), name="spatialReference")


class _Suggestion(Struct, frozen=True):
    text: str
    key: str = field(default="", name="magicKey")
    is_collection: bool = field(default=False, name="isCollection")


class _Suggestions(Struct, frozen=True):
    suggestions: list[_Suggestion] = []


class _Spot(Location, frozen=True):
    reference: _Reference = field(default=_Reference(), name="spatialReference")


class _Nearest(Struct, frozen=True):
    address: dict[str, Any]
    location: _Spot


class _Description(Struct, frozen=True):
    capabilities: str | None = ""


async def candidates(client: Client, geocoder: Geocoder, words: str, limit: int, key: str = "") -> list[FoundPlace]:
    """Places that the words may mean, best first; with the key of a suggestion exactly that one."""
    asked = {
        "SingleLine": words,
        "outFields": SHOWN,
        "maxLocations": min(max(limit * 2, 10), 50),
        "outSR": DEGREES,
        "magicKey": key or None,
        "searchExtent": extent(geocoder),
    }
    told = await client.ask(_Candidates, f"{geocoder.url.rstrip('/')}/findAddressCandidates", asked)
    if told.candidates:
        in_degrees(told.reference)
    least = 0.0 if key else geocoder.least_score
    return places_of(told.candidates, words, limit, least_score=least, within=geocoder.within)


async def suggestions(client: Client, geocoder: Geocoder, words: str, limit: int) -> Sequence[tuple[str, str]]:
    """What the words may be the beginning of, each with the key under which it is found."""
    asked = {"text": words, "maxSuggestions": limit, "searchExtent": extent(geocoder)}
    told = await client.ask(_Suggestions, f"{geocoder.url.rstrip('/')}/suggest", asked)
    return [(each.text, each.key) for each in told.suggestions if each.key and not each.is_collection][:limit]


async def suggests(client: Client, geocoder: Geocoder) -> bool:
    """Whether the service offers suggestions."""
    told = await client.ask(_Description, geocoder.url.rstrip("/"), {})
    return "suggest" in (told.capabilities or "").lower()


async def nearest(client: Client, geocoder: Geocoder, lon: float, lat: float) -> FoundPlace | None:
    """The address of a point; ArcGIS calls it an error when there is none near."""
    point = {"x": lon, "y": lat, "spatialReference": DEGREES}
    try:
        told = await client.ask(
            _Nearest, f"{geocoder.url.rstrip('/')}/reverseGeocode", {"location": point, "outSR": DEGREES}
        )
    except BadRequest:
        return None
    in_degrees(told.location.reference)
    said = told.address
    words = [str(said[name]) for name in ("Address", "Street", "City") if said.get(name)]
    text, postal = parted(str(said.get("Match_addr") or said.get("LongLabel") or ", ".join(words)), said)
    place = point_in(told.location)
    return FoundPlace(text=text, lon=place[0], lat=place[1], postal_code=postal) if place and text else None


def extent(geocoder: Geocoder) -> dict[str, Any] | None:
    """Where to look, as ArcGIS wants it said."""
    if geocoder.within is None:
        return None
    corners = dict(zip(("xmin", "ymin", "xmax", "ymax"), geocoder.within, strict=True))
    return {**corners, "spatialReference": DEGREES}


def in_degrees(reference: _Reference) -> None:
    """A service that answers in metres although degrees were asked for would put an address into the sea."""
    if (reference.latest or reference.wkid or 4326) not in (4326, 4617, 4269):
        raise Later(
            Text(
                fr=f"la réponse est dans la référence spatiale {reference.wkid} alors que des degrés étaient demandés",
                en=f"it answers in the spatial reference {reference.wkid} although degrees were asked for",
            )
        )
