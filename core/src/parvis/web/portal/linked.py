"""What an address brings along: a service, a place, a thing of the town, words; what is not understood is left out."""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import sure_among
from parvis.jurisdictions.layers import ASSETS, Asset
from parvis.jurisdictions.places import locate
from parvis.requests.locating import address_at, find_places
from parvis.web.portal.visit import Visit
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import LongText, Photo
from parvis_sdk.request_types import RequestType

SERVICE, PLACE, ASSET, WORDS = "service", "lieu", "actif", "mots"
ALSO = {PLACE: "place", ASSET: "asset", WORDS: "words"}
MOST = {SERVICE: 100, PLACE: 200, ASSET: 100, WORDS: 2_000}
NUMBER = r"[+-]?\d{1,3}(?:\.\d{1,20})?"
POINT = re.compile(rf"\s*({NUMBER})\s*[,; ]\s*({NUMBER})\s*")
NEAR = 60


class LinkTarget(Struct, frozen=True, kw_only=True):
    """What is understood of a link. `place` is as the boxes of a form hold it; `unread` that a part meant nothing."""

    request_type: RequestType | None = None
    place: dict[str, str] = {}
    layer: str = ""
    asset: Asset | None = None
    words: str = ""
    unread: bool = False

    @property
    def query(self) -> dict[str, str]:
        """The same as an address says it."""
        lon, lat = self.place.get("lon"), self.place.get("lat")
        point = f"{lat},{lon}" if lon and lat else self.place.get("address", "")
        named = {
            SERVICE: self.request_type.code if self.request_type else "",
            PLACE: "" if self.asset else point,
            ASSET: f"{self.layer}/{self.asset.code}" if self.asset else "",
            WORDS: self.words,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude, where the place has them."""
        lon, lat = self.place.get("lon"), self.place.get("lat")
        return (float(lon), float(lat)) if lon and lat else None

    def place_for(self, request_type: RequestType) -> dict[str, Any]:
        """The place as the form of a service holds it: with the thing itself where its things can be pointed at."""
        if self.asset and request_type.place.assets == self.layer:
            return {**self.place, "assets": [self.asset.code]}
        return dict(self.place)


async def linked_by(here: Visit, given: Mapping[str, Any]) -> LinkTarget:
    """Reads the parameters of a query string, by their names in either language."""
    said = {name: text_of(given, name) for name in MOST}
    request_type = _service_named(here, said[SERVICE])
    layer, asset = _asset_named(here.town, said[ASSET])
    place = await _place_of_asset(here, asset) if asset else await place_named(here, said[PLACE])
    misread = (said[SERVICE] and request_type is None) or (said[ASSET] and asset is None) or (said[PLACE] and not place)
    return LinkTarget(
        request_type=request_type, place=place, layer=layer, asset=asset, words=said[WORDS], unread=bool(misread)
    )


def text_of(given: Mapping[str, Any], name: str) -> str:
    """One line of plain text; nothing where it is too long to be meant."""
    value = given.get(name) or given.get(ALSO.get(name, "")) or ""
    line = " ".join(clean(value).split()) if isinstance(value, str) and len(value) <= 2_000 else ""
    return line[: MOST[name]] if name == WORDS else line * (len(line) <= MOST[name])


def known_along(here: Visit, *names: str) -> dict[str, str]:
    """What the address of a page brings along that the next one shall say too: a person's words, and what is named."""
    said = {name: text_of(here.request.query_params, name) for name in (*names, WORDS)}
    return {name: value for name, value in said.items() if value}


def _service_named(here: Visit, name: str) -> RequestType | None:
    """By its code, or as its own address names it."""
    theme, _, slug = name.rpartition("/")
    named = [
        request_type
        for request_type in here.types
        if name and slug in (request_type.code, request_type.slug.fr, request_type.slug.en)
    ]
    theme = theme.rpartition("/")[2]
    within = [
        request_type
        for request_type in named
        if theme in (request_type.theme.code, request_type.theme.slug.fr, request_type.theme.slug.en)
    ]
    return next(iter([request_type for request_type in named if request_type.code == slug] or within or named), None)


def _asset_named(town: Jurisdiction, name: str) -> tuple[str, Asset | None]:
    """By its code, alone or after that of its layer: `equipment/003-0058`."""
    layer, _, code = name.rpartition("/")
    named = [(at, one.coded(code)) for at, one in ASSETS.of(town).items() if name and layer in ("", at)]
    return next(((at, asset) for at, asset in named if asset is not None), ("", None))


async def _place_of_asset(here: Visit, asset: Asset) -> dict[str, str]:
    """Where a thing stands, with its name and number in words, so that the crew knows which it is."""
    place = await _place_at(here, asset.lon, asset.lat)
    return {**place, "words": f"{asset.name.to(here.language)} ({asset.code})"}


async def place_named(here: Visit, said: str) -> dict[str, str]:
    """A point written as latitude and longitude, or an address as people write it."""
    if point := POINT.fullmatch(said):
        lat, lon = float(point[1]), float(point[2])
        if not locate(here.town, lon, lat).inside and locate(here.town, lat, lon).inside:
            lon, lat = lat, lon  # written the other way round, as maps do among themselves
        return await _place_at(here, lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else {}
    if not any(letter.isalpha() for letter in said):
        return {}
    sure = sure_among(await find_places(here.host, here.town, said), said)
    if not sure:
        return {"address": said}
    return {"address": sure.text, "lon": str(sure.lon), "lat": str(sure.lat)}


async def _place_at(here: Visit, lon: float, lat: float) -> dict[str, str]:
    near = await address_at(here.host, here.town, lon, lat, NEAR)
    return {"lon": str(round(lon, 6)), "lat": str(round(lat, 6)), **({"address": near.text} if near else {})}


def filled_in(request_type: RequestType, link: LinkTarget, photo: str = "") -> dict[str, Any]:
    """What is known, where the form of this service asks for it; `photo` is the id of a kept file."""
    always = [section for section in request_type.form.sections if section.show_when is None]
    fields = [field for section in always for field in section.fields if field.show_when is None]
    words = next((field.code for field in fields if isinstance(field, LongText)), "")
    photos = next((field.code for field in fields if isinstance(field, Photo)), "")
    answers: dict[str, Any] = {}
    if words and link.words:
        answers[words] = link.words
    if photos and photo:
        answers[photos] = [photo]
    place = link.place_for(request_type) if request_type.place.need != "none" else {}
    said = bool(place and link.point)
    return {name: part for name, part in (("place", place), ("answers", answers), ("said", said)) if part}
