"""The mapping file: what a geographic file is taken for, and which of its columns is what."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from parvis.cli.troubles import Unusable
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.layers import ASSETS
from parvis_geodata.features import Source
from parvis_geodata.projections import projection_named

Kind = Literal["zones", "assets", "places", "addresses", "boundary", "crossings", "aliases", "areas", "streets"]
Form = Literal["area", "point", "line", "none"]
SUBJECT = re.compile(
    r"(zones|places|addresses|boundary|crossings|aliases|areas|streets)|(assets)/([a-z][a-z0-9_-]{0,62})"
)
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "zones": ("code", "name"),
    "assets": ("code", "name"),
    "places": ("name",),
    "addresses": ("street",),
    "boundary": (),
    "crossings": ("street", "other_street"),
    "aliases": ("name", "alias"),
    "areas": (),
    "streets": ("name",),
}
FORMS: Mapping[Kind, Form] = {
    "zones": "area",
    "assets": "point",
    "places": "point",
    "addresses": "point",
    "boundary": "area",
    "crossings": "point",
    "aliases": "none",
    "areas": "area",
    "streets": "line",
}
"""What each row is drawn as."""
TABLES = ("places", "addresses", "crossings", "aliases")  # the others are GeoJSON


class Subject(Struct, frozen=True, kw_only=True):
    """What is taken: one file of the town, or `assets/street_lights` of one of its layers."""

    kind: Kind
    layer: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.layer}" if self.layer else self.kind

    @property
    def usual_file(self) -> str:
        """The name of its file in the folder of a town, where the town names no other."""
        return f"{self.kind}.csv" if self.kind in TABLES else f"{self.layer or self.kind}.geojson"

    @property
    def form(self) -> Form:
        """What each row of it is drawn as."""
        return FORMS[self.kind]


class Columns(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The column of each thing; empty where the file has none. `lon`, `lat` and `wkt` are for tables."""

    code: str = ""
    name: str = ""
    name_en: str = ""
    kind: str = ""
    owner: str = ""
    number: str = ""
    street: str = ""
    other_street: str = ""
    alias: str = ""
    postal_code: str = ""
    place: str = ""
    address: str = ""
    lon: str = ""
    lat: str = ""
    wkt: str = ""

    def each(self) -> Iterator[tuple[str, str]]:
        """What each column is for, and its name."""
        yield from ((use, getattr(self, use)) for use in self.__struct_fields__ if getattr(self, use))


class FileMapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the rows of one file become what a town has. `projection` is the file's own where it is empty."""

    subject: str
    columns: Columns
    table: str = ""  # of a file that holds several
    encoding: str = ""
    separator: str = ""
    projection: str = ""
    crossing: Literal["refuse", "mend"] = "refuse"  # lines of one shape that cross each other
    doubled: Literal["refuse", "join"] = "refuse"  # zones: several rows of one code
    only: dict[str, tuple[str, ...]] = {}  # rows whose column has one of these values
    codes: dict[str, str] = {}  # the code here of a code in the file

    def about(self) -> Subject:
        return subject_named(self.subject)


def subject_named(name: str) -> Subject:
    found = SUBJECT.fullmatch(name)
    if found is None:
        raise Unusable(f"{name!r} is none of {', '.join(set_of_kinds())} or assets/LAYER, such as assets/street_lights")
    return Subject(kind=found[1] or found[2], layer=found[3] or "")  # type: ignore[arg-type]


def set_of_kinds() -> list[str]:
    """What a file may be taken for, but for assets, of which a layer is named."""
    return [kind for kind in NEEDED if kind != "assets"]


def read_mapping(text: str, named: str) -> FileMapping:
    """The mapping of a file, or a sentence that says what is wrong with it."""
    try:
        return msgspec.convert(tomllib.loads(text), FileMapping)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Unusable(f"{named}: {error}") from None


def mistakes_in(mapping: FileMapping, source: Source, town: Jurisdiction) -> Iterator[str]:
    """What the mapping names that is not there, and what it must still say."""
    subject = mapping.about()
    named = [(f"columns.{use}", name) for use, name in mapping.columns.each()]
    for key, name in (*named, *(("only", name) for name in mapping.only)):
        if name not in source.columns:
            yield f"{key}: the file has no column {name!r}"
    for use in NEEDED[subject.kind]:
        if not getattr(mapping.columns, use):
            yield f"columns.{use}: name the column"
    yield from _of_another_system(subject, town)
    if subject.form == "none":
        return
    drawn = any(each.shape is not None or each.unreadable for each in source.features)
    if not drawn and not mapping.columns.wkt and not (mapping.columns.lon and mapping.columns.lat):
        yield "columns: name those of lon and lat, or that of wkt"
    if not (mapping.projection or source.declared):
        yield "projection: the file does not say its own; write degrees, MTM8, UTM18, Lambert, or an EPSG code"
    else:
        projection_named(mapping.projection or source.declared)


def _of_another_system(subject: Subject, town: Jurisdiction) -> Iterator[str]:
    layer = ASSETS.of(town).get(subject.layer)
    if subject.kind == "zones" and town.zones_layer:
        yield f"subject: zones come from the layer {town.zones_layer!r} of another system; take zones_layer away first"
    if layer is not None and layer.layer:
        yield f"subject: {subject.name} comes from the layer {layer.layer!r} of another system"


def as_toml(mapping: FileMapping, comments: Mapping[str, str]) -> str:
    """The mapping as a file for people to correct; `comments` stand after the lines of these keys."""
    whole: dict[str, Any] = msgspec.to_builtins(mapping)
    lines = [*_lines_of({name: value for name, value in whole.items() if not isinstance(value, dict)}, "", comments)]
    for name, table in whole.items():
        if isinstance(table, dict) and (table or name == "columns"):
            lines += ["", f"[{name}]", *_lines_of(table, f"{name}.", comments)]
    return "\n".join(lines) + "\n"


def _lines_of(table: Mapping[str, Any], within: str, comments: Mapping[str, str]) -> Iterator[str]:
    for name, value in table.items():
        if value == "" and within == "columns." and f"{within}{name}" not in comments:
            continue
        key = name if name.isascii() and name.isidentifier() else json.dumps(name, ensure_ascii=False)
        said = comments.get(f"{within}{name}", "")
        yield f"{key} = {json.dumps(value, ensure_ascii=False)}" + (f"  # {said}" if said else "")
