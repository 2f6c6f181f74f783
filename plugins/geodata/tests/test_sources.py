"""Files as towns have them: every form gives the same rows, in whatever encoding and projection."""

import json
import shutil
import sqlite3
import zipfile

import pytest

from parvis.cli.troubles import Unusable
from parvis_geodata.projections import called, in_degrees
from parvis_geodata.sources import read_source

SIX = [
    "Côte-des-Neiges-Notre-Dame-de-Grâce",
    "Le Plateau-Mont-Royal",
    "Outremont",
    "Rosemont-La Petite-Patrie",
    "Ville-Marie",
    "Villeray-Saint-Michel-Parc-Extension",
]


def names_of(source):
    return sorted(each.values["NOM"] for each in source.features)


@pytest.fixture
def unpacked(files, tmp_path):
    with zipfile.ZipFile(files / "arrondissements.zip") as packed:
        packed.extractall(tmp_path / "shp")
    return tmp_path / "shp"


def test_a_shapefile_is_read_from_its_zip_its_folder_and_by_its_name(files, unpacked):
    packed = read_source(files / "arrondissements.zip")
    assert (packed.form, packed.layer, packed.encoding) == ("shapefile", "arrondissements", "cp1252")
    assert names_of(packed) == SIX
    assert called(packed.declared) == "EPSG:2950, NAD83(CSRS) / MTM zone 8"
    for path in (unpacked, unpacked / "arrondissements.shp"):
        assert names_of(read_source(path)) == SIX


def test_a_shapefile_whose_encoding_is_not_said_or_said_wrongly_keeps_its_accents(unpacked):
    (unpacked / "arrondissements.cpg").unlink()
    assert names_of(read_source(unpacked)) == SIX
    (unpacked / "arrondissements.cpg").write_text("UTF-8")
    source = read_source(unpacked)
    assert (source.encoding, names_of(source)) == ("cp1252", SIX)


def test_a_geopackage_holds_the_same_as_the_shapefile(files):
    package, shapes = read_source(files / "arrondissements.gpkg"), read_source(files / "arrondissements.zip")
    assert (package.form, package.declared, names_of(package)) == ("GeoPackage", "EPSG:2950", SIX)
    by_name = {each.values["NOM"]: each.shape for each in shapes.features}
    for each in package.features:
        assert each.shape.symmetric_difference(by_name[each.values["NOM"]]).area < 1


def test_both_lie_where_the_town_is(files, there):
    source = read_source(files / "arrondissements.gpkg")
    plateau = next(each for each in source.features if each.values["NOM"] == "Le Plateau-Mont-Royal")
    zone = there.zone("plateau").geometry
    drawn = in_degrees(plateau.shape, source.declared)
    assert drawn.intersection(zone).area / drawn.union(zone).area > 0.95


@pytest.mark.parametrize("projection", ["MTM8", "UTM18", "Lambert", "web", "EPSG:2950", "EPSG:6622", "EPSG:4269"])
def test_a_point_comes_back_from_every_usual_projection(projection):
    from pyproj import Transformer
    from shapely import Point

    from parvis_geodata.projections import projection_named

    forth = Transformer.from_crs("EPSG:4326", projection_named(projection), always_xy=True)
    back = in_degrees(Point(*forth.transform(-73.5821, 45.5249)), projection)
    assert (back.x, back.y) == pytest.approx((-73.5821, 45.5249), abs=1e-6)


def test_a_table_in_cp1252_with_semicolons_is_read(files):
    source = read_source(files / "lieux.csv")
    assert (source.form, source.encoding, len(source.features)) == ("CSV", "cp1252", 17)
    assert source.features[0].row == 2
    assert "Maison de la culture du Plateau-Mont-Royal" in {each.values["nom"] for each in source.features}
    assert "Centre culturel Calixa-Lavallée" in {each.values["nom"] for each in source.features}


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Rue Saint-Éric"),
        ("cp1252", "Place d’Armes"),
        ("cp850", "Rue Saint-Éric"),
        ("mac_roman", "Côte-des-Neiges"),
        ("mac_roman", "Place d’Armes"),
        ("utf-16", "Île-Bizard"),
    ],
)
def test_an_encoding_is_found_by_one_word(tmp_path, encoding, words):
    file = tmp_path / "rues.csv"
    file.write_bytes(f"rue;lon;lat\n{words};-73,58;45,52\n".encode(encoding))
    assert read_source(file).features[0].values["rue"] == words


def test_an_open_ring_is_closed_and_told_in_every_form(tmp_path):
    from parvis_geodata.geopackages import shape_of
    from parvis_geodata.judging import drawn_in
    from parvis_geodata.mapping import Columns, FileMapping

    ring = [[-73.6, 45.5], [-73.5, 45.5], [-73.5, 45.6]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    file = tmp_path / "open.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    [row] = read_source(file).features
    assert "vertex 3 is not vertex 1" in row.unclosed
    wkb = b"\x01\x03\x00\x00\x00\x01\x00\x00\x00\x04\x00\x00\x00" + b"".join(
        __import__("struct").pack("<dd", *pair) for pair in (*ring, [-73.6, 45.6])
    )
    drawn, unclosed, unreadable = shape_of(wkb)
    assert (drawn.geom_type, unreadable) == ("Polygon", "")
    assert "closed" in unclosed
    table = tmp_path / "open.csv"
    table.write_text('code,geom\na,"POLYGON((-73.6 45.5, -73.5 45.5, -73.5 45.6, -73.6 45.6))"\n')
    [row] = read_source(table).features
    mapping = FileMapping(subject="zones", columns=Columns(code="code", name="code", wkt="geom"))
    drawn, unclosed, unreadable = drawn_in(mapping, row)
    assert (drawn.geom_type, bool(unclosed), unreadable) == ("Polygon", True, "")


@pytest.mark.parametrize("crs", ["EPSG:4326", {"properties": "x"}, {"properties": {"name": None}}, [1]])
def test_a_projection_that_is_not_said_as_the_standard_has_it_is_none(tmp_path, crs):
    one = {"type": "Feature", "properties": {"a": 1}, "geometry": {"type": "Point", "coordinates": [-73.58, 45.53]}}
    whole = {"type": "FeatureCollection", "features": [one], "crs": crs}
    (tmp_path / "a.geojson").write_text(json.dumps(whole), "utf-8")
    assert read_source(tmp_path / "a.geojson").declared == "EPSG:4326"


def test_what_is_no_geographic_file_is_refused_in_a_sentence(files, tmp_path):
    cut = tmp_path / "cut.zip"
    cut.write_bytes((files / "arrondissements.zip").read_bytes()[:900])
    torn = tmp_path / "torn.gpkg"
    torn.write_bytes((files / "arrondissements.gpkg").read_bytes()[:5000])
    other = tmp_path / "other.gpkg"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE letters (a)")
    connection.close()
    empty = tmp_path / "empty.zip"
    zipfile.ZipFile(empty, "w").close()
    words = tmp_path / "words.docx"
    words.write_bytes(b"PK")
    array = tmp_path / "array.geojson"
    array.write_text("[1, 2]")
    for path in (cut, torn, other, empty, words, array):
        with pytest.raises(Unusable, match=path.name.partition(".")[0] + "|FeatureCollection"):
            read_source(path)


def test_a_shapefile_that_is_cut_short_is_refused(unpacked):
    shapes = unpacked / "arrondissements.shp"
    shapes.write_bytes(shapes.read_bytes()[:700])
    with pytest.raises(Unusable, match="arrondissements"):
        read_source(unpacked)


def test_of_several_layers_one_must_be_named(unpacked, files, tmp_path):
    for part in (".shp", ".shx", ".dbf", ".prj"):
        shutil.copy(unpacked / f"arrondissements{part}", unpacked / f"secteurs{part}")
    with pytest.raises(Unusable, match="several shapefiles: name one by --table: arrondissements, secteurs"):
        read_source(unpacked)
    assert read_source(unpacked, layer="secteurs").layer == "secteurs"
