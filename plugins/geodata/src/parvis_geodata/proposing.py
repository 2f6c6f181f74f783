"""Proposing a mapping for a file: its columns by names and values, its projection, its zones by what they cover."""

import re
from collections.abc import Callable, Mapping, Sequence

import shapely
from msgspec import Struct, structs
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from parvis.jurisdictions import Jurisdiction
from parvis_geodata.features import Feature, Source
from parvis_geodata.judging import as_number, drawn_in, zone_code
from parvis_geodata.mapping import NEEDED, Columns, FileMapping, Subject
from parvis_geodata.projections import called, how_many_inside, in_degrees, likeliest, sample_of
from parvis_sdk.text_normalisation import fold

USUAL: Mapping[str, str] = {
    "code": "code code_zone codeid id identifiant no numero num no_zone no_arrond no_secteur no_district no_actif",
    "name": "name name_fr nom nom_fr nom_arr nom_zone nom_officiel toponyme libelle description etiquette titre title "
    "secteur district arrondissement",
    "name_en": "name_en nom_en nom_anglais english title_en",
    "kind": "kind type type_actif categorie genre classe nature",
    "owner": "owner proprietaire proprio",
    "number": "number no_civique numero_civique num_civ civic civique numero no",
    "street": "street rue nom_rue nom_voie voie odonyme nom_complet",
    "postal_code": "postal_code code_postal cp",
    "place": "place lieu batiment edifice nom name",
    "address": "address adresse",
    "other_street": "other_street autre_rue rue_2 rue2 croisement intersection transversale",
    "alias": "alias surnom autre_nom nom_usuel",
    "lon": "lon long lng longitude x coord_x x_coord x_mtm est easting",
    "lat": "lat latitude y coord_y y_coord y_mtm nord northing",
}
WANTED: Mapping[str, tuple[str, ...]] = {
    "zones": ("code", "name", "name_en"),
    "assets": ("code", "name", "name_en", "kind", "owner"),
    "places": ("name", "address"),
    "addresses": ("number", "street", "postal_code", "place"),
    "boundary": (),
    "crossings": ("street", "other_street"),
    "aliases": ("name", "alias"),
    "areas": ("kind", "name"),
    "streets": ("name",),
}
WKT = re.compile(r"(SRID=\d+;)?\s*(MULTI)?(POINT|POLYGON|LINESTRING)", re.IGNORECASE)
CODE = re.compile(r"(?=.*\d)[\w-]{1,12}")
ROW_IDS = ("fid", "objectid", "ogc_fid", "gid")  # numbers that a program gave, and gives otherwise in the next file
SAME = 0.5  # of both zones together, from which one is the other drawn anew
SURE = 0.9
ROWS = 500


class Proposal(Struct, frozen=True, kw_only=True):
    """A mapping for people to correct, with words beside its lines, and what they must still decide."""

    mapping: FileMapping
    comments: dict[str, str]
    open: tuple[str, ...]


def propose(town: Jurisdiction, subject: Subject, source: Source) -> Proposal:
    """The likeliest mapping of a file for one subject."""
    rows = source.features[:ROWS]
    columns = _columns(subject, source.columns, rows)
    mapping = FileMapping(subject=subject.name, columns=columns, table=source.layer, encoding=_encoding(source))
    comments: dict[str, str] = {}
    if subject.form != "none":
        mapping = _with_projection(town, mapping, source, comments)
    if subject.kind == "zones" and columns.code and (mapping.projection or source.declared):
        mapping = structs.replace(mapping, codes=_codes(town, mapping, source, comments))
    missing = [f"columns.{use}" for use in NEEDED[subject.kind] if not getattr(columns, use)]
    for each in missing:
        comments[each] = f"? one of {', '.join(source.columns)}"
    if subject.form != "none" and not (mapping.projection or source.declared):
        missing.append("projection")
    return Proposal(mapping=mapping, comments=comments, open=tuple(missing))


def _encoding(source: Source) -> str:
    return source.encoding if source.form in ("CSV", "shapefile") else ""


def _columns(subject: Subject, names: Sequence[str], rows: Sequence[Feature]) -> Columns:
    drawn = subject.form == "none" or any(each.shape is not None or each.unreadable for each in rows)
    given: dict[str, str] = {}
    if not drawn:
        given["wkt"] = next(
            (name for name in names if _share(rows, name, lambda cell: bool(WKT.match(cell))) > SURE), ""
        )
    wanted = (*WANTED[subject.kind], *(() if drawn or given["wkt"] else ("lon", "lat")))
    for use in wanted:
        usual = USUAL[use].split()
        likely = sorted((name for name in names if _word(name) in usual), key=lambda name: usual.index(_word(name)))
        likely += [name for name in names if use == "code" and _word(name) not in ROW_IDS and _are_codes(name, rows)]
        fitting = (name for name in likely if name not in given.values() and _fits(use, name, rows))
        given[use] = next(fitting, "")
    return Columns(**given)


def _fits(use: str, name: str, rows: Sequence[Feature]) -> bool:
    cells = [each.values.get(name, "") for each in rows]
    filled = [cell for cell in cells if cell]
    if use == "code":
        return bool(filled) and len(set(filled)) > SURE * len(cells)
    if use in ("lon", "lat"):
        return _share(rows, name, lambda cell: as_number(cell) is not None) > 1 - SURE
    if use in ("name", "street", "other_street", "alias"):
        return len(filled) > len(cells) / 2 and any(not cell.isdigit() for cell in filled)
    return bool(filled)


def _are_codes(name: str, rows: Sequence[Feature]) -> bool:
    """Whether what stands there is short and in one word: `REM23`, and no name."""
    return _share(rows, name, lambda cell: CODE.fullmatch(cell) is not None) > SURE


def _is_wkt(cell: str) -> bool:
    return WKT.match(cell) is not None


def _share(rows: Sequence[Feature], name: str, fits: Callable[[str], bool]) -> float:
    cells = [each.values.get(name, "") for each in rows]
    return sum(fits(cell) for cell in cells) / max(1, len(cells))


def _word(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")


def _with_projection(town: Jurisdiction, mapping: FileMapping, source: Source, comments: dict[str, str]) -> FileMapping:
    shapes = [drawn for each in source.features if (drawn := drawn_in(mapping, each)[0]) is not None]
    points = sample_of(shapes)
    if source.declared:
        inside = how_many_inside(town, points, source.declared)
        comments["projection"] = (
            f"the file’s own: {called(source.declared)}; {inside} of {len(points)} points in the town"
        )
        if inside:
            return mapping
    best = likeliest(town, points)
    if not best:
        comments.setdefault("projection", "? none of the usual ones puts a point into the town")
        return mapping
    inside = how_many_inside(town, points, best)
    found = f"puts {inside} of {len(points)} points into the town"
    comments["projection"] = f"{found}; the file says {called(source.declared)}" if source.declared else found
    return structs.replace(mapping, projection=best)


def _codes(town: Jurisdiction, mapping: FileMapping, source: Source, comments: dict[str, str]) -> dict[str, str]:
    """Zones that the town has under another code: rules, requests and people’s access name them by it."""
    codes, here = {}, {zone.code for zone in town.zones}
    for each in source.features:
        word = each.values.get(mapping.columns.code, "")
        drawn = drawn_in(mapping, each)[0]
        if not word or drawn is None or drawn.is_empty or zone_code(word) in here:
            continue
        try:
            shape = shapely.make_valid(in_degrees(drawn, mapping.projection or source.declared))
            same = [zone for zone in town.zones if _alike(shape, zone.geometry) > SAME]
        except ShapelyError:
            continue
        if same:
            codes[word] = same[0].code
            comments[f"codes.{word}"] = f"{each.values.get(mapping.columns.name, '')}: here {same[0].name.fr}"
    return codes


def _alike(one: BaseGeometry, other: BaseGeometry) -> float:
    """What share of both together is in both."""
    return float(one.intersection(other).area / (one.union(other).area or 1))
