"""Shapefiles: the .shp with the .dbf of its values, the .prj of its projection and the .cpg of its encoding."""

import io
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import shapefile  # type: ignore[import-untyped]

from parvis.cli.troubles import Unusable
from parvis_geodata.encodings import encoding_of
from parvis_geodata.features import Feature, Source, columns_of, feature_of

PARTS = (".shp", ".dbf", ".shx", ".prj", ".cpg")
MOST_UNPACKED = 2_000_000_000  # bytes
CODE_PAGES = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac_roman", 0x57: "cp1252", 0x58: "cp1252"}
Parts = Mapping[str, bytes]


def read_shapefile(path: Path, layer: str = "", encoding: str = "") -> Source:
    """One shapefile of a folder or ZIP, or the one named; `layer` is its name, needed where there are several."""
    found = _in_zip(path) if path.suffix.lower() == ".zip" else _in_folder(path)
    whole = {name: parts for name, parts in found.items() if {".shp", ".dbf"} <= parts.keys()}
    if not whole:
        raise Unusable(f"{path.name} holds no shapefile: a .shp and the .dbf of the same name are needed")
    if not layer and len(whole) == 1:
        [layer] = whole
    if layer not in whole:
        raise Unusable(f"{path.name} holds several shapefiles: name one by --table: {', '.join(whole)}")
    return _read(whole[layer], layer, tuple(whole), encoding)


def _read(parts: Parts, layer: str, layers: tuple[str, ...], encoding: str) -> Source:
    encoding = encoding or encoding_of_table(parts[".dbf"], parts.get(".cpg", b""))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", shapefile.PossiblyCorruptFileHeader)
            features = _features(parts, encoding)
    except (shapefile.ShapefileException, shapefile.PossiblyCorruptFileHeader, struct.error, OSError) as error:
        raise Unusable(f"{layer} is cut short or damaged: {error}") from None
    return Source(
        form="shapefile",
        columns=columns_of(features),
        features=features,
        declared=parts.get(".prj", b"").decode("utf-8", "replace").strip(),
        encoding=encoding,
        layer=layer,
        layers=layers,
    )


def _features(parts: Parts, encoding: str) -> tuple[Feature, ...]:
    shp, dbf = io.BytesIO(parts[".shp"]), io.BytesIO(parts[".dbf"])
    with shapefile.Reader(shp=shp, dbf=dbf, encoding=encoding, encodingErrors="replace") as reader:
        return tuple(
            feature_of(number, each.record.as_dict(), _drawn(each.shape))
            for number, each in enumerate(reader.iterShapeRecords(), start=1)
        )


def _drawn(shape: shapefile.Shape) -> object:
    return None if shape.shapeType == shapefile.NULL else shape.__geo_interface__


def encoding_of_table(dbf: bytes, cpg: bytes) -> str:
    """What the .cpg says, where the words can be read so; else what they show; else the code page of the .dbf."""
    header = int.from_bytes(dbf[8:10], "little")
    words = dbf[header:]
    named = cpg.decode("ascii", "ignore").strip().lower().replace(" ", "")
    named = {"ansi1252": "cp1252", "1252": "cp1252", "ansi": "cp1252", "system": ""}.get(named, named)
    if named:
        try:
            words.decode(named)
        except (LookupError, UnicodeDecodeError):
            pass
        else:
            return named
    if words.isascii():
        return "utf-8"
    shown = encoding_of(words)
    return "utf-8" if shown.startswith("utf") else CODE_PAGES.get(dbf[29], shown)


def _in_folder(path: Path) -> dict[str, dict[str, bytes]]:
    folder, only = (path, None) if path.is_dir() else (path.parent, path.stem)
    found: dict[str, dict[str, bytes]] = {}
    for each in sorted(folder.iterdir()):
        if each.suffix.lower() in PARTS and only in (None, each.stem):
            found.setdefault(each.stem, {})[each.suffix.lower()] = each.read_bytes()
    return found


def _in_zip(path: Path) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    with zipfile.ZipFile(path) as packed:
        wanted = [each for each in packed.infolist() if PurePosixPath(each.filename.lower()).suffix in PARTS]
        if sum(each.file_size for each in wanted) > MOST_UNPACKED:
            raise Unusable(f"{path.name} is larger than {MOST_UNPACKED:,} bytes unpacked")
        for each in wanted:
            name = PurePosixPath(each.filename)
            if not name.name.startswith("._"):  # what a Mac packs beside each file
                found.setdefault(name.stem, {})[name.suffix.lower()] = packed.read(each)
    return found
