"""The file of a town that things become, as Parvis reads it, and the names of zones that are no longer drawn."""

import csv
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from shapely.geometry import mapping as as_geojson

from parvis_geodata.judging import Thing
from parvis_geodata.mapping import Kind, Subject
from parvis_sdk.text import Text

FORMER = "former_zones.toml"
COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    "places": ("name", "address"),
    "addresses": ("number", "street", "postal_code", "place"),
    "crossings": ("street", "other_street"),
    "aliases": ("name", "alias"),
}
PLAIN: Mapping[Kind, tuple[str, ...]] = {"boundary": (), "areas": ("kind", "name"), "streets": ("name",)}
"""The properties of each shape of a collection whose shapes have no codes."""
Names = Mapping[str, Text]


def content_of(subject: Subject, things: Sequence[Thing]) -> bytes:
    """The file of these things."""
    return (_table if subject.kind in COLUMNS else _collection)(subject, things).encode()


def _collection(subject: Subject, things: Sequence[Thing]) -> str:
    lines = ",\n".join(json.dumps(_feature(subject, each), ensure_ascii=False) for each in things)
    head = json.dumps(subject.layer or subject.kind)
    return f'{{"type": "FeatureCollection", "name": {head}, "features": [\n{lines}\n]}}\n'


def _feature(subject: Subject, thing: Thing) -> dict[str, Any]:
    properties: dict[str, Any] = {"code": thing.code, "name": {"fr": thing.name.fr, "en": thing.name.en}}
    if subject.kind in PLAIN:
        properties = {name: thing.values[name] for name in PLAIN[subject.kind] if thing.values.get(name)}
    elif subject.kind == "assets":
        properties |= {name: thing.values[name] for name in ("kind", "owner") if thing.values.get(name)}
    return {"type": "Feature", "properties": properties, "geometry": _rounded(as_geojson(thing.shape))}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    """Seven decimals: about a centimetre."""

    def each(part: Any) -> Any:
        return [each(one) for one in part] if isinstance(part, list | tuple) else round(part, 7)

    return {"type": geometry["type"], "coordinates": each(geometry["coordinates"])}


def _table(subject: Subject, things: Sequence[Thing]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    names = COLUMNS[subject.kind]
    is_drawn = subject.form != "none"
    writer.writerow((*names, *(("lon", "lat") if is_drawn else ())))
    for each in things:
        if not is_drawn:
            writer.writerow([each.values.get(name, "") for name in names])
            continue
        lon, lat = each.shape.x, each.shape.y  # type: ignore[attr-defined]
        writer.writerow((*(each.values.get(name, "") for name in names), f"{lon:.7f}", f"{lat:.7f}"))
    return written.getvalue()


def names_in(content: bytes | None) -> dict[str, Text]:
    """The names of the zones of a file, by their codes."""
    found = {}
    for each in json.loads(content)["features"] if content else ():
        properties = each["properties"]
        given = properties.get("name") or {"fr": properties.get("name_fr", ""), "en": properties.get("name_en", "")}
        fr, en = (given, given) if isinstance(given, str) else (given.get("fr", ""), given.get("en", ""))
        found[properties["code"]] = Text(fr=fr, en=en or fr)
    return found


def former_names(folder: Path) -> dict[str, Text]:
    """The names of zones that are no longer drawn, as the file of the town has them."""
    path = folder / FORMER
    written = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {code: Text(fr=name["fr"], en=name.get("en", "")) for code, name in written.items()}


def former_after(former: Names, leaving: Names, coming: Names) -> bytes | None:
    """The file of former zones once other zones are in force; None where there are none."""
    gone = {code: name for code, name in {**former, **leaving}.items() if code not in coming}
    lines = [
        "# Names of zones that are no longer drawn: requests that were made in them keep these. Written by Parvis."
    ]
    for code, name in sorted(gone.items()):
        fr, en = (json.dumps(words, ensure_ascii=False) for words in (name.fr, name.en or name.fr))
        lines.append(f"{code} = {{ fr = {fr}, en = {en} }}")
    return ("\n".join(lines) + "\n").encode() if gone else None
