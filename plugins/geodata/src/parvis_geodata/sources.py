"""Reading a geographic file: shapefile (folder, ZIP or .shp), GeoPackage, GeoJSON or CSV."""

import csv
import io
import json
import sqlite3
import zipfile
import zlib
from pathlib import Path

from parvis.cli.troubles import Unusable
from parvis_geodata.encodings import encoding_of
from parvis_geodata.features import Feature, Source, columns_of, feature_of
from parvis_geodata.geopackages import read_geopackage
from parvis_geodata.shapefiles import read_shapefile

MOST_BYTES = 1_000_000_000
SEPARATORS = ";,\t|"


def read_source(path: Path, *, layer: str = "", encoding: str = "", separator: str = "") -> Source:
    """A file, read whole; `layer` is needed where it holds several."""
    if path.is_file() and path.stat().st_size > MOST_BYTES:
        raise Unusable(f"{path.name} is larger than {MOST_BYTES:,} bytes: cut it into parts")
    try:
        source = _read(path, layer, encoding, separator)
    except (EOFError, zlib.error, zipfile.BadZipFile, sqlite3.Error) as error:
        raise Unusable(f"{path.name} is cut short or damaged: {error}") from None
    except (LookupError, RecursionError, ValueError) as error:
        raise Unusable(f"{path.name} cannot be read: {error}") from None
    if not source.features:
        raise Unusable(f"{path.name} holds no rows")
    return source


def _read(path: Path, layer: str, encoding: str, separator: str) -> Source:
    ends = path.suffix.lower()
    if path.is_dir() or ends in (".zip", ".shp"):
        return read_shapefile(path, layer, encoding)
    if ends == ".gpkg":
        return read_geopackage(path, layer)
    content = path.read_bytes()
    if ends in (".geojson", ".json") or content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return read_geojson(content)
    if ends in (".csv", ".txt", ".tsv"):
        return read_csv(content, encoding, separator)
    raise Unusable(f"{path.name}: give a shapefile (.shp, .zip or its folder), .gpkg, .geojson or .csv")


def read_geojson(content: bytes) -> Source:
    """A FeatureCollection; `crs` of the older standard is heeded."""
    whole = json.loads(content.decode("utf-8-sig"))
    rows = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(rows, list):
        raise Unusable("the file is not a GeoJSON FeatureCollection")
    features = []
    for number, each in enumerate(rows, start=1):
        row = each if isinstance(each, dict) else {}
        features.append(feature_of(number, _flat(row.get("properties")), row.get("geometry")))
    named = whole.get("crs")
    said = named.get("properties") if isinstance(named, dict) else None
    declared = str(said.get("name") or "") if isinstance(said, dict) else ""
    return Source(
        form="GeoJSON", columns=columns_of(features), features=tuple(features), declared=declared or "EPSG:4326"
    )


def _flat(properties: object) -> dict[str, object]:
    """Properties without tables in them: `name` with `fr` and `en` becomes `name.fr` and `name.en`."""
    flat: dict[str, object] = {}
    for name, value in (properties if isinstance(properties, dict) else {}).items():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": inner for key, inner in value.items()}
        else:
            flat[name] = value
    return flat


def read_csv(content: bytes, encoding: str = "", separator: str = "") -> Source:
    """A table with a line of titles; its points or WKT are made into shapes by the mapping."""
    encoding = encoding or encoding_of(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unusable(f"the file cannot be read as {encoding}: {error}") from None
    titles = text.partition("\n")[0]
    separator = separator or max(SEPARATORS, key=titles.count)
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns = tuple(name.strip() or f"column {number}" for number, name in enumerate(next(reader, []), start=1))
    if twice := next((name for name in columns if columns.count(name) > 1), ""):
        raise Unusable(f"two columns are called {twice!r}: give each a name of its own")
    features, line = [], reader.line_num + 1
    for cells in reader:
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            raise Unusable(f"line {line} has {len(cells)} cells, and there are {len(columns)} columns")
        if any(cell.strip() for cell in cells):
            values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}
            features.append(Feature(row=line, values=values))
        line = reader.line_num + 1
    return Source(form="CSV", columns=columns, features=tuple(features), encoding=encoding)
