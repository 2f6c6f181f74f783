"""GeoPackage: a database of SQLite whose tables hold shapes as WKB behind a short header (OGC 12-128r18, 2.1.3)."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from parvis.cli.troubles import Unusable
from parvis_geodata.features import Feature, Source, as_text

MAGIC = b"GP"
HEADER = 8  # bytes before the envelope
ENVELOPES = (0, 32, 48, 48, 64)  # bytes, by the three bits of the flags that say which
EMPTY = 0x10
LAYERS = "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns ORDER BY table_name"
PROJECTION = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?"


def read_geopackage(path: Path, layer: str = "") -> Source:
    """One table of shapes; `layer` is its name, needed where there are several."""
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        try:
            tables = {name: (column, srs) for name, column, srs in connection.execute(LAYERS)}
        except sqlite3.DatabaseError as error:
            raise Unusable(f"{path.name} is no GeoPackage: {error}") from None
        if not layer and len(tables) == 1:
            [layer] = tables
        if layer not in tables:
            raise Unusable(f"{path.name} holds several tables: name one by --table: {', '.join(tables)}")
        column, srs = tables[layer]
        features = tuple(_features(connection, layer, column))
        columns = tuple(each[1] for each in connection.execute(f"PRAGMA table_info({_quoted(layer)})"))
        return Source(
            form="GeoPackage",
            columns=tuple(name for name in columns if name != column),
            features=features,
            declared=_declared(connection, srs),
            layer=layer,
            layers=tuple(tables),
        )


def _features(connection: sqlite3.Connection, layer: str, column: str) -> list[Feature]:
    found = []
    rows = connection.execute(f"SELECT * FROM {_quoted(layer)}")  # noqa: S608  the table is one that the file names
    names = [each[0] for each in rows.description]
    for number, row in enumerate(rows, start=1):
        values = {name: as_text(value) for name, value in zip(names, row, strict=True) if name != column}
        found.append(_feature(number, values, row[names.index(column)]))
    return found


def _feature(number: int, values: dict[str, str], blob: object) -> Feature:
    if blob is None:
        return Feature(row=number, values=values)
    if not isinstance(blob, bytes) or blob[:2] != MAGIC or (blob[3] >> 1) & 7 >= len(ENVELOPES):
        return Feature(row=number, values=values, unreadable="no shape of a GeoPackage")
    if blob[3] & EMPTY:
        return Feature(row=number, values=values)
    wkb = blob[HEADER + ENVELOPES[(blob[3] >> 1) & 7] :]
    drawn, unclosed, unreadable = shape_of(wkb)
    return Feature(row=number, values=values, shape=drawn, unclosed=unclosed, unreadable=unreadable)


def shape_of(wkb: bytes) -> tuple[BaseGeometry | None, str, str]:
    """A shape, with what is wrong with it: a ring that is open is closed, and told."""
    try:
        return shapely.from_wkb(wkb), "", ""
    except ShapelyError as error:
        reason = str(error)[:200]
    try:
        closed = shapely.from_wkb(wkb, on_invalid="fix")
    except ShapelyError:
        closed = None
    return (closed, reason, "") if closed is not None else (None, "", reason)


def _declared(connection: sqlite3.Connection, srs: int) -> str:
    row = connection.execute(PROJECTION, (srs,)).fetchone()
    if row is None or srs <= 0:
        return ""
    organization, number, definition = row
    return f"EPSG:{number}" if str(organization).upper() == "EPSG" else str(definition)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
