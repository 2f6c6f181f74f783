"""Judging the rows of a file: each becomes a thing of the town, or is refused or left out for a reason."""

import re
from collections.abc import Iterator
from typing import Literal

import numpy
import shapely
from msgspec import Struct, structs
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.ground import KINDS
from parvis.jurisdictions.shapes import AREAS, around, broken, inside_world, is_turned, mended, turned
from parvis_geodata.features import Feature, Source
from parvis_geodata.findings import Finding, found
from parvis_geodata.mapping import NEEDED, FileMapping
from parvis_geodata.projections import in_degrees
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import fold

Outcome = Literal["taken", "joined", "left_out", "refused"]
MISSING = {"name": "no_name", "street": "no_street", "other_street": "no_street", "alias": "no_alias"}
LOST = "\ufffd"
TWICE_ENCODED = re.compile("Ã[\u0080-\u00bf©¨ª´®§¢ª]|â€™")  # UTF-8 read as cp1252
LONGEST_CODE = 60
TOUCHES = 0.01  # of a zone: with less of it inside, it is a neighbour of the town
GRID = 1e-7  # degrees: about a centimetre


class Thing(Struct, frozen=True, kw_only=True, eq=False):
    """What a row becomes: a zone, an asset, a place or an address, with its shape in degrees."""

    row: int
    code: str
    name: Text
    shape: BaseGeometry
    values: dict[str, str]


class Judged(Struct, frozen=True, kw_only=True, eq=False):
    """A row with what is to be known of it; `thing` is there where it is taken or joined."""

    row: int
    code: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    thing: Thing | None = None


def judge(town: Jurisdiction, mapping: FileMapping, source: Source) -> Iterator[Judged]:
    """Every row of a file, in its order."""
    seen: set[str] = set()
    for each in source.features:
        if any(each.values.get(name, "") not in values for name, values in mapping.only.items()):
            yield Judged(row=each.row, code="", outcome="left_out", findings=(found("left_out"),))
            continue
        yield _with_its_code(mapping, _judged(town, mapping, source, each), seen)


def _with_its_code(mapping: FileMapping, judged: Judged, seen: set[str]) -> Judged:
    """A code is there once: the second row of it is refused, or joined to the first where the mapping says so."""
    if judged.thing is None or not judged.code:
        return judged
    if judged.code not in seen:
        seen.add(judged.code)
        return judged
    if mapping.about().kind == "zones" and mapping.doubled == "join":
        return structs.replace(judged, outcome="joined", findings=(*judged.findings, found("joined")))
    again = found("doubled", mapping.columns.code, judged.code)
    return structs.replace(judged, outcome="refused", findings=(*judged.findings, again), thing=None)


def _judged(town: Jurisdiction, mapping: FileMapping, source: Source, feature: Feature) -> Judged:
    values = {use: feature.values.get(name, "") for use, name in mapping.columns.each()}
    findings = [*_wrong_words(mapping, feature)]
    code, wrong = _code_of(mapping, values)
    findings += wrong
    shape, wrong = _shape_of(town, mapping, source, feature)
    findings += wrong
    if any(each.severe for each in findings) or shape is None:
        return Judged(row=feature.row, code=code, outcome="refused", findings=tuple(findings))
    if mapping.about().kind == "areas" and (kind := values.get("kind", "")):
        values["kind"] = mapping.codes.get(kind, kind)
        if values["kind"] not in KINDS:
            unknown = found("bad_kind", mapping.columns.kind, kind)
            return Judged(row=feature.row, code=code, outcome="refused", findings=(*findings, unknown))
    name = Text(fr=values.get("name", ""), en=values.get("name_en", "") or values.get("name", ""))
    thing = Thing(row=feature.row, code=code, name=name, shape=shape, values=values)
    return Judged(row=feature.row, code=code, outcome="taken", findings=tuple(findings), thing=thing)


def _wrong_words(mapping: FileMapping, feature: Feature) -> Iterator[Finding]:
    for wanted in NEEDED[mapping.about().kind]:
        column = getattr(mapping.columns, wanted)
        if wanted in MISSING and not feature.values.get(column, ""):
            yield found(MISSING[wanted], column)
    for _, name in mapping.columns.each():
        value = feature.values.get(name, "")
        if LOST in value or TWICE_ENCODED.search(value):
            yield found("unreadable_words", name, value)


def _code_of(mapping: FileMapping, values: dict[str, str]) -> tuple[str, list[Finding]]:
    """The code of a row; that of a zone is written as rules name it."""
    kind, column, word = mapping.about().kind, mapping.columns.code, values.get("code", "")
    if kind not in ("zones", "assets"):
        return "", []
    if not word:
        return "", [found("no_code", column)]
    code = mapping.codes.get(word) or (zone_code(word) if kind == "zones" else word)
    fits = 0 < len(code) <= LONGEST_CODE and (kind != "zones" or code == zone_code(code))
    return code, [] if fits else [found("bad_code", column, word)]


def zone_code(word: str) -> str:
    """The code of a zone as rules name it, of what the file calls it.

    >>> zone_code("Sud-Ouest (2)"), zone_code("16")
    ('sud-ouest-2', 'z16')
    """
    plain = re.sub(r"[^a-z0-9_-]+", "-", fold(word)).strip("-_")
    return plain if plain[:1].isalpha() or not plain else f"z{plain}"


def _shape_of(
    town: Jurisdiction, mapping: FileMapping, source: Source, feature: Feature
) -> tuple[BaseGeometry | None, list[Finding]]:
    if mapping.about().form == "none":
        return shapely.Point(), []
    drawn, unclosed, unreadable = drawn_in(mapping, feature)
    if unreadable:
        return None, [found("unreadable", value=unreadable)]
    if drawn is None or drawn.is_empty:
        return None, [found("no_shape")]
    findings = [found("unclosed", value=unclosed)] if unclosed else []
    shape = in_degrees(drawn, mapping.projection or source.declared)
    pairs = shapely.get_coordinates(shape)
    if not numpy.isfinite(pairs).all() or not inside_world(shape):
        return None, [*findings, found("no_degrees", value=_point(drawn))]
    judged, wrong = JUDGES[mapping.about().form](town, mapping, shape)
    return judged, [*findings, *wrong]


def drawn_in(mapping: FileMapping, feature: Feature) -> tuple[BaseGeometry | None, str, str]:
    """The shape of a row in the file's own projection, with what is wrong with it: open rings, or why it is none."""
    columns = mapping.columns
    if columns.wkt and (words := feature.values.get(columns.wkt, "")):
        return _of_wkt(words.partition(";")[2] if words.upper().startswith("SRID") else words)
    if columns.lon and columns.lat:
        x, y = (as_number(feature.values.get(name, "")) for name in (columns.lon, columns.lat))
        if x is None or y is None:
            typed = ", ".join(feature.values.get(name, "") for name in (columns.lon, columns.lat))
            return None, "", typed if typed != ", " else ""
        return shapely.Point(x, y), "", ""
    return feature.shape, feature.unclosed, feature.unreadable


def _of_wkt(words: str) -> tuple[BaseGeometry | None, str, str]:
    try:
        return shapely.from_wkt(words), "", ""
    except ShapelyError as error:
        reason = str(error)[:200]
    try:
        closed = shapely.from_wkt(words, on_invalid="fix")
    except ShapelyError:
        closed = None
    return (closed, reason, "") if closed is not None else (None, "", reason)


def as_number(cell: str) -> float | None:
    """A number as French or English tables have it.

    >>> as_number("299 123,45"), as_number("45.5"), as_number("-")
    (299123.45, 45.5, None)
    """
    try:
        return float(re.sub(r"[\s\u00a0\u202f]", "", cell).replace(",", "."))
    except ValueError:
        return None


def _area(town: Jurisdiction, mapping: FileMapping, shape: BaseGeometry) -> tuple[BaseGeometry | None, list[Finding]]:
    if shape.geom_type not in AREAS:
        return None, [found("no_area", value=shape.geom_type)]
    if where := turned(shape, around(town.boundary)):
        return None, [found("swapped", value=where)]
    told = []
    if not shape.is_valid:
        why, sound = broken(shape), mended(shape)
        if mapping.crossing == "refuse" or sound.is_empty:
            return None, [found("crossing", value=why)]
        shape, told = sound, [found("mended", value=why)]
    if mapping.about().kind == "boundary":
        told += [] if shape.intersects(town.boundary) else [found("elsewhere", value=_point(shape))]
    elif shape.intersection(town.boundary).area < shape.area * TOUCHES:
        return None, [found("outside", value=_point(shape))]
    return shapely.set_precision(shape, GRID), told


def _point_of(
    town: Jurisdiction, mapping: FileMapping, shape: BaseGeometry
) -> tuple[BaseGeometry | None, list[Finding]]:
    told = []
    if shape.geom_type != "Point":
        shape, told = shape.representative_point(), [found("middle", value=shape.geom_type)]
    lon, lat = shape.x, shape.y  # type: ignore[attr-defined]
    if (lon, lat) == (0, 0):
        return None, [found("zero_point")]
    if is_turned(lon, lat, around(town.boundary)):
        return None, [found("swapped", value=_point(shape))]
    if not town.boundary.intersects(shape):
        return None, [found("outside", value=_point(shape))]
    return shape, told


def _line_of(
    town: Jurisdiction, mapping: FileMapping, shape: BaseGeometry
) -> tuple[BaseGeometry | None, list[Finding]]:
    if shape.geom_type not in ("LineString", "MultiLineString"):
        return None, [found("no_line", value=shape.geom_type)]
    lon, lat = (float(each) for each in shapely.get_coordinates(shape)[0])
    if is_turned(lon, lat, around(town.boundary)):
        return None, [found("swapped", value=_point(shape))]
    if not shape.intersects(town.boundary):
        return None, [found("outside", value=_point(shape))]
    return shape, []


JUDGES = {"area": _area, "point": _point_of, "line": _line_of}


def _point(shape: BaseGeometry) -> str:
    x, y = shapely.get_coordinates(shape)[0][:2]
    return f"x {x:.6f}, y {y:.6f}"
