"""Reading where something is: from a pin, an address, words, or a GeoJSON line or polygon."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from msgspec import structs

from parvis_sdk.amounts import number_shown
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import PlaceFact, Shape
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problem, problem
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

GEOJSON_SHAPES: dict[str, Shape] = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
MOST_POSITIONS = 2_000
MOST_CODES = 200


def read_place(
    raw: Any, shapes: tuple[Shape, ...] = ("point",), *, most_assets: int = 0, words_alone: bool = True
) -> Place | Problem:
    """A place out of `{"lon", "lat", "address", "words", "geometry", "assets"}` (text or native), or what is wrong.

    Words alone are enough unless `words_alone` is false: a person who cannot use a map can still say where. Assets
    alone are too: the host knows where they stand.
    """
    if not isinstance(raw, Mapping):
        return problem("place_wrong", "")
    address, words = _line(raw.get("address"), 200), _line(raw.get("words"), 500)
    assets = _codes(raw.get("assets")) if most_assets else ()
    if address is None or words is None or assets is None:
        return problem("place_wrong", "")
    if len(assets) > most_assets:
        return problem("assets_many", "", limit=most_assets)
    place = _read_point(raw, shapes, address, words, bool(assets))
    if not isinstance(place, Place):
        return place
    if not words_alone and not assets and place.lon is None:
        return problem("place_exact", "")
    return structs.replace(place, assets=assets)


def _read_point(
    raw: Mapping[str, Any], shapes: tuple[Shape, ...], address: str, words: str, is_known: bool
) -> Place | Problem:
    geometry = raw.get("geometry")
    if geometry not in (None, "", {}):
        return _read_geometry(geometry, shapes, address, words)
    lon, lat = raw.get("lon"), raw.get("lat")
    if _blank(lon) and _blank(lat):
        is_known = is_known or bool(address or words)
        return Place(address=address, words=words) if is_known else problem("place_missing", "")
    x, y = _degrees(lon, 180), _degrees(lat, 90)
    if x is None or y is None:
        return problem("place_wrong", "")
    if "point" not in shapes and not (address or words or is_known):
        return problem("place_shape", "")
    return Place(lon=x, lat=y, address=address, words=words)


def _read_geometry(geometry: Any, shapes: tuple[Shape, ...], address: str, words: str) -> Place | Problem:
    if not isinstance(geometry, Mapping) or not isinstance(geometry.get("type"), str):
        return problem("place_wrong", "")
    if GEOJSON_SHAPES.get(geometry["type"]) not in shapes:
        return problem("place_shape", "")
    coordinates = geometry.get("coordinates")
    rings = {"Point": [[coordinates]], "LineString": [coordinates]}.get(geometry["type"], coordinates)
    if not isinstance(rings, list | tuple) or not rings or len(rings) > 50:
        return problem("place_wrong", "")
    cleaned: list[list[list[float]]] = []
    for ring in rings:
        positions = _positions(ring)
        if positions is None or not _is_whole(geometry["type"], positions):
            return problem("place_wrong", "")
        cleaned.append(positions)
    if sum(len(ring) for ring in cleaned) > MOST_POSITIONS:
        return problem("too_much", "")
    flat = [position for ring in cleaned for position in ring]
    lon = (min(x for x, _ in flat) + max(x for x, _ in flat)) / 2
    lat = (min(y for _, y in flat) + max(y for _, y in flat)) / 2
    kept = {"Point": cleaned[0][0], "LineString": cleaned[0], "Polygon": cleaned}[geometry["type"]]
    shape = None if geometry["type"] == "Point" else {"type": geometry["type"], "coordinates": kept}
    return Place(lon=round(lon, 6), lat=round(lat, 6), address=address, words=words, geometry=shape)


def _positions(ring: Any) -> list[list[float]] | None:
    if not isinstance(ring, list | tuple) or len(ring) > MOST_POSITIONS:
        return None
    positions: list[list[float]] = []
    for pair in ring:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            return None
        x, y = _degrees(pair[0], 180), _degrees(pair[1], 90)
        if x is None or y is None:
            return None
        positions.append([x, y])
    return positions


def _is_whole(kind: str, positions: list[list[float]]) -> bool:
    if kind == "Polygon":
        return len(positions) >= 4 and positions[0] == positions[-1]
    return len(positions) >= (2 if kind == "LineString" else 1)


def _degrees(raw: Any, most: int) -> float | None:
    if isinstance(raw, str):
        words = raw.strip().replace(",", ".").replace("\u2212", "-")
        if not re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{0,20})?", words):
            return None
        raw = float(words)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    # A comparison is false of NaN and, unlike a conversion, does not overflow on an endless integer.
    return round(float(raw), 6) if abs(raw) <= most else None


def _line(raw: Any, most: int) -> str | None:
    if raw is None:
        return ""
    if not isinstance(raw, str):
        return None
    words = " ".join(clean(raw).split())
    return words if len(words) <= most else None


def _codes(raw: Any) -> tuple[str, ...] | None:
    given = [raw] if isinstance(raw, str) else raw or []
    if not isinstance(given, list | tuple) or len(given) > MOST_CODES:
        return None
    codes = [_line(code, 80) if isinstance(code, str) else None for code in given]
    return None if None in codes else tuple(dict.fromkeys(code for code in codes if code))


def _blank(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip())


def place_fact(field: PlaceFact, known: Any, here: Mapping[str, Mapping[str, Any]] | None) -> Any:
    """What the town's layers say here; without them, what was `known` before."""
    value = known if here is None else here.get(field.layer, {}).get(field.name)
    return value if isinstance(value, str | bool | int | float) and value != "" else NOTHING


YES, NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")


def fact_said(field: PlaceFact, value: Any) -> Text:
    """A fact of a place in words."""
    if isinstance(value, bool):
        return YES if value else NO
    named = next((option.label for option in field.options if option.code == value), None)
    if named is not None:
        return named
    words = Text(fr=str(value), en=str(value))
    shown = number_shown(Decimal(str(value))) if isinstance(value, int | float) else words
    if field.unit is None:
        return shown
    unit = field.unit.to("en")
    gap = "" if unit == "%" else " "
    return Text(fr=f"{shown.fr}\u00a0{field.unit.fr}", en=f"{shown.to('en')}{gap}{unit}")
