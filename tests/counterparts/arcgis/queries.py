"""The operation `query` of a layer: where, ids, place and time; pages no longer than the layer allows."""

import json
from collections.abc import Mapping
from typing import Any

from shapely.geometry import mapping

from .geometry import (
    KINDS,
    BadGeometry,
    asked_shape,
    moved,
    rounded,
    shape,
    shape_moved,
    spatial_reference,
    widened,
    wkid_of,
)
from .layers import GLOBAL_ID, OBJECT_ID, ServedLayer
from .refusals import NO_GOOD, RequestRefused
from .where import translated

METRES = {"esriSRUnit_Meter": 1.0, "esriSRUnit_Kilometer": 1000.0, "esriSRUnit_Foot": 0.3048}
RELATIONS = {
    "esriSpatialRelIntersects": lambda asked, there: asked.intersects(there),
    "esriSpatialRelContains": lambda asked, there: asked.contains(there),
    "esriSpatialRelWithin": lambda asked, there: asked.within(there),
    "esriSpatialRelEnvelopeIntersects": lambda asked, there: asked.envelope.intersects(there.envelope),
}
NOT_SERVED = ("outStatistics", "groupByFieldsForStatistics", "returnDistinctValues", "time", "returnExtentOnly")
Asked = Mapping[str, str]
Row = tuple[dict[str, Any], dict[str, Any] | None]


def query(layer: ServedLayer, asked: Asked) -> dict[str, Any]:
    """The answer, in Esri's JSON or in GeoJSON."""
    if any(asked.get(name, "false") not in ("", "false") for name in NOT_SERVED):
        raise RequestRefused(400, NO_GOOD, "This layer has no statistics and no time")
    condition, values = condition_of(layer, asked)
    if flag(asked, "returnCountOnly"):
        return {"count": len(_found(layer, asked, condition, values))}
    if flag(asked, "returnIdsOnly"):
        ids = [attributes[OBJECT_ID] for attributes, _ in _found(layer, asked, condition, values)]
        return {"objectIdFieldName": OBJECT_ID, "objectIds": ids}
    names = _out_fields(layer, asked.get("outFields", ""))
    most = layer.declared.max_record_count
    count, offset = min(number(asked, "resultRecordCount", most), most), number(asked, "resultOffset", 0)
    if asked.get("geometry"):
        found = _found(layer, asked, condition, values)[offset:]
    else:
        order = _order(layer, asked.get("orderByFields", ""))
        found = layer.select(condition, values, order, f"LIMIT {count + 1} OFFSET {offset}")
    return _answer(layer, asked, names, found[:count], more=len(found) > count)


def condition_of(layer: ServedLayer, asked: Asked) -> tuple[str, list[Any]]:
    """What is asked of attributes and ids, for SQLite; something must be asked."""
    where, ids = asked.get("where", ""), asked.get("objectIds", "")
    if not (where or ids or asked.get("geometry")):
        raise RequestRefused(400, NO_GOOD, "'where' parameter not specified")
    condition, values = translated(where, layer.kinds) if where else ("1", [])
    if ids:
        try:
            numbers = [int(part) for part in ids.strip("[]").split(",")]
        except ValueError as error:
            raise RequestRefused(400, NO_GOOD, "'objectIds' parameter is invalid") from error
        condition = f"{condition} AND {OBJECT_ID} IN ({', '.join(map(str, numbers))})"
    return condition, values


def flag(asked: Asked, name: str, otherwise: bool = False) -> bool:
    """A parameter that is true or false."""
    text = asked.get(name, "").lower()
    if text not in ("", "true", "false"):
        raise RequestRefused(400, NO_GOOD, f"'{name}' parameter is invalid")
    return text == "true" if text else otherwise


def _found(layer: ServedLayer, asked: Asked, condition: str, values: list[Any]) -> list[Row]:
    """Everything that is meant, in its order."""
    order = _order(layer, asked.get("orderByFields", ""))
    if not asked.get("geometry"):
        return layer.select(condition, values, order)
    try:
        place, brought = asked_shape(asked["geometry"], asked.get("geometryType") or "esriGeometryEnvelope")
        own = layer.declared.wkid
        place = shape_moved(place, wkid_of(asked.get("inSR")) or brought or own, own)
        if asked.get("distance"):
            metres = float(asked["distance"]) * METRES[asked.get("units") or "esriSRUnit_Meter"]
            place = widened(place, own, metres)
        relation = RELATIONS[asked.get("spatialRel") or "esriSpatialRelIntersects"]
    except (BadGeometry, KeyError, ValueError) as error:
        raise RequestRefused(400, NO_GOOD, "'geometry' parameter is invalid") from error
    west, south, east, north = place.bounds
    near = f"({condition}) AND west <= ? AND east >= ? AND south <= ? AND north >= ?"
    rows = layer.select(near, [*values, east, west, north, south], order)
    return [row for row in rows if row[1] is not None and relation(place, shape(row[1]))]


def _answer(layer: ServedLayer, asked: Asked, names: list[str], found: list[Row], more: bool) -> dict[str, Any]:
    declared, geojson = layer.declared, asked.get("f") == "geojson"
    try:
        target = wkid_of(asked.get("outSR")) or (4326 if geojson else declared.wkid)
    except BadGeometry as error:
        raise RequestRefused(400, NO_GOOD, "'outSR' parameter is invalid") from error
    with_place = bool(declared.geometry) and flag(asked, "returnGeometry", otherwise=True)
    digits = number(asked, "geometryPrecision", 15)
    features = []
    for attributes, geometry in found:
        place = moved(geometry, declared.wkid, target) if with_place and geometry else None
        if place and asked.get("geometryPrecision"):
            place = rounded(place, digits)
        shown = {name: attributes[name] for name in names}
        if geojson:
            drawn = mapping(shape(place)) if place else None
            features.append({"type": "Feature", "id": attributes[OBJECT_ID], "geometry": drawn, "properties": shown})
        elif with_place:
            features.append({"attributes": shown, "geometry": place} if place else {"attributes": shown})
        else:
            features.append({"attributes": shown})
    exceeded = {"exceededTransferLimit": True} if more else {}
    if geojson:
        told = {"properties": exceeded} if more else {}
        return {"type": "FeatureCollection", **told, "features": features}
    about: dict[str, Any] = {"objectIdFieldName": OBJECT_ID, "globalIdFieldName": GLOBAL_ID}
    if declared.geometry:
        about |= {"geometryType": KINDS[declared.geometry], "spatialReference": spatial_reference(target)}
    return {**about, "fields": [layer.field(name) for name in names], **exceeded, "features": features}


def _out_fields(layer: ServedLayer, text: str) -> list[str]:
    if text.strip() == "*":
        return list(layer.types)
    known = {name.lower(): name for name in layer.types}
    names = [OBJECT_ID]
    for part in _list_of(text):
        if part.lower() not in known:
            raise RequestRefused(400, NO_GOOD, f"'Invalid field: {part}' parameter is invalid")
        names.append(known[part.lower()])
    return list(dict.fromkeys(names))


def _order(layer: ServedLayer, text: str) -> str:
    known = {name.lower(): name for name in layer.types}
    parts = []
    for part in _list_of(text):
        name, _, direction = part.partition(" ")
        if name.lower() not in known or direction.strip().upper() not in ("", "ASC", "DESC"):
            raise RequestRefused(400, NO_GOOD, "'orderByFields' parameter is invalid")
        parts.append(f'"{known[name.lower()]}" {direction.strip().upper()}')
    return ", ".join([*parts, OBJECT_ID])


def _list_of(text: str) -> list[str]:
    """A list with commas, or, as Esri's client sends it where it was given a list, JSON."""
    if text.strip().startswith("["):
        try:
            return [str(each) for each in json.loads(text)]
        except json.JSONDecodeError as error:
            raise RequestRefused(400, NO_GOOD, f"'{text}' is no list") from error
    return [part.strip() for part in text.split(",") if part.strip()]


def number(asked: Asked, name: str, otherwise: int) -> int:
    """A parameter that is a number, not below nought."""
    text = asked.get(name) or str(otherwise)
    if not text.isdigit():
        raise RequestRefused(400, NO_GOOD, f"'{name}' parameter is invalid")
    return int(text)
