"""The towns are loaded whole or not at all, and every mistake is told at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from parvis.jurisdictions import JurisdictionError, Jurisdictions
from parvis.jurisdictions.loading import load_jurisdictions, loose_ends, wrong_default

MAIN = "essai/jurisdiction.toml"


def mistakes(folder: Path) -> list[str]:
    with pytest.raises(JurisdictionError) as raised:
        load_jurisdictions(folder)
    return [mistake.line() for mistake in raised.value.mistakes]


def test_a_sound_folder_gives_its_town(small_town: Any) -> None:
    town = small_town.load()
    assert town.name.to("en") == "Testville"
    assert town.default_unit == "works"
    assert [unit.code for unit in town.path_of("roads")] == ["works", "roads"]
    assert town.units_under("works") == {"works", "roads"}
    assert town.units_under("roads") == {"roads"}
    assert [zone.name.to("en") for zone in town.zones] == ["Ouest", "East"]
    assert town.languages == ("fr", "en")
    assert town.allows_plugin("anything")


def test_a_sentence_of_the_privacy_notice_goes_on_where_a_line_of_its_file_ends(small_town: Any) -> None:
    small_town.edit(MAIN, '"Vos renseignements restent ici."', '"Vos renseignements\\nrestent ici.\\n\\nPuis rien."')
    assert small_town.load().privacy_notice.fr == "Vos renseignements restent ici.\n\nPuis rien."


def test_the_mistakes_of_all_files_are_told_together(small_town: Any) -> None:
    small_town.edit("essai/units.toml", 'parent = "works"', 'parent = "work"')
    small_town.edit("essai/zones.geojson", '"code": "west", ', "")
    small_town.edit(MAIN, 'email = "info@essai.example"', 'emial = "info"')
    assert mistakes(small_town.folder) == [
        "essai/units.toml · roads.parent · 'work' is not a unit · name a unit of this file (did you mean 'works'?)",
        "essai/zones.geojson · features[1].properties.code · is missing · add a text between quotes",
        "essai/jurisdiction.toml · email · is missing · add a text between quotes",
        "essai/jurisdiction.toml · emial · is not a key known here · remove it (did you mean 'email'?)",
    ]


def test_the_error_shows_one_line_for_each_mistake(small_town: Any) -> None:
    small_town.write("essai/units.toml", "[works\n")
    with pytest.raises(JurisdictionError, match="mistakes in the territory: 1;") as raised:
        small_town.load()
    assert "essai/units.toml · is not valid TOML" in str(raised.value)


@pytest.mark.parametrize("name", ["jurisdiction.toml", "units.toml", "boundary.geojson"])
def test_a_missing_file_is_named(small_town: Any, name: str) -> None:
    small_town.remove(f"essai/{name}")
    assert mistakes(small_town.folder) == [f"essai/{name} · is missing · add the file"]


def test_a_folder_that_is_not_there_and_an_empty_one_are_named(tmp_path: Path) -> None:
    assert "is not a folder" in mistakes(tmp_path / "nowhere")[0]
    assert "contains no jurisdiction" in mistakes(tmp_path)[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('default = "works"', 'default = "warks"', "routes.default · 'warks' is not a unit"),
        ('default = "works"', "", "routes.default · is missing"),
        ('email = "info@essai.example"', 'email = "info"', "email · 'info' is not an e-mail address"),
        ('hosts = ["essai.example"]', 'hosts = "essai.example"', "hosts · is a text"),
        ('hosts = ["essai.example"]', "hosts = [1]", "hosts · holds a number"),
        ('"bilingual"', '"billingual"', "'billingual' is unknown · write one of french_only"),
        ('name = { fr = "Ville d’Essai", en = "Testville" }', 'name = { en = "Testville" }', "name · has no French"),
        ('name = { fr = "Ville d’Essai", en = "Testville" }', "name = 3", "name · is a number (3)"),
        (', en = "Testville"', "", "name · has no English, which the regime bilingual requires"),
        ('primary = "#153e5c"', 'primary = "navy"', "brand.primary · 'navy' is not a colour like #1a4f8b"),
        ('primary = "#153e5c"', 'primary = "#f2c94c"', "#ffffff on the primary colour has a contrast of 1.59"),
        ('primary = "#153e5c"', 'link = "#5fa8ff"', "brand.link · #5fa8ff on the white page has a contrast of 2.4"),
        (
            "[brand]",
            '[base_map]\nurl = "https://t.example/a.png"\nattribution = "A"\n[brand]',
            "base_map.url · has no {z}",
        ),
        (
            "[brand]",
            '[base_map]\nurl = "javascript:x"\nattribution = "A"\n[brand]',
            "base_map.url · 'javascript:x' is not",
        ),
        ("[brand]", '[calendar.hours]\nmonday = ""\n[brand]', "calendar.hours · is never open"),
        ("[brand]", '[calendar.hours]\nmonday = "16:00-08:00"\n[brand]', "hours.monday · '16:00-08:00' is not a span"),
        ("[brand]", '[calendar.hours]\nlundi = "08:00-16:00"\n[brand]', "hours.lundi · is not a key known here"),
        (
            "[brand]",
            "[[calendar.closed]]\ndate = 2026-12-24T10:00:00\n[brand]",
            "closed[1].date · 2026-12-24 10:00:00 has an hour",
        ),
        ("[brand]", '[[calendar.closed]]\nevery_year = ["13-01"]\n[brand]', "'13-01' is not a day of the year"),
        ("[brand]", '[[calendar.closed]]\nname = "Fermé"\n[brand]', "calendar.closed[1] · has no date"),
        ("[brand]", "[[calendar.closed]]\nfrom = 2026-12-24\nto = 2026-12-20\n[brand]", "does not follow 2026-12-24"),
        ("[brand]", '[calendar]\nopen_anyway = ["2026-04-03"]\n[brand]', "'2026-04-03' is not a date"),
        ("[brand]", '[[service_levels]]\ntype = "pothole"\n[brand]', "service_levels[1] · needs one amount"),
        ("[brand]", '[[service_levels]]\ntype = "pothole"\nhours = -2\n[brand]', "service_levels[1].hours · is -2"),
        ("[brand]", '[[links]]\nlabel = "Ici"\nurl = "ici"\n[brand]', "links[1].url · 'ici' is not a web address"),
        (
            "[brand]",
            '[assets.lamps]\nname = "Lampes"\nfile = "../lamps.geojson"\n[brand]',
            "is not a file of this folder",
        ),
        ("[brand]", '[[routes.rules]]\nunit = "roads"\n[brand]', "routes.rules[1] · would apply to every request"),
        (
            "[brand]",
            '[[routes.rules]]\nunit = "roads"\nzones = ["wset"]\n[brand]',
            "'wset' is not a zone of this jurisdiction",
        ),
        ('email = "info', 'time_zone = "Quebec"\nemail = "info', "time_zone · 'Quebec' is not a time zone"),
        ('email = "info', 'phone = "<b>"\nemail = "info', "phone · '<b>' is not a phone number"),
    ],
)
def test_each_slip_in_the_main_file_is_told_with_its_key(small_town: Any, old: str, new: str, told: str) -> None:
    small_town.edit(MAIN, old, new)
    found = mistakes(small_town.folder)
    assert len(found) == 1
    assert told in found[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[]", "holds no features"),
        ("{", "is not valid JSON"),
        ("[" * 5000, "is not valid JSON"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        ('{"features": [{"geometry": null}]}', "features[1].geometry · is not a geometry"),
        ('{"features": [{"geometry": {"type": "Point", "coordinates": [-73.5, 45.5]}}]}', "is an unusable Point"),
        (
            '{"features": [{"geometry": {"type": "Polygon",'
            ' "coordinates": [[[3e5, 5e6], [3e5, 6e6], [4e5, 6e6], [3e5, 5e6]]]}}]}',
            "has coordinates that are not degrees",
        ),
    ],
)
def test_a_boundary_that_is_no_area_on_earth_is_told(small_town: Any, content: str | bytes, told: str) -> None:
    small_town.write("essai/boundary.geojson", content)
    found = mistakes(small_town.folder)
    assert len(found) == 1
    assert told in found[0]


BOW = [[-73.60, 45.50], [-73.56, 45.54], [-73.56, 45.50], [-73.60, 45.54], [-73.60, 45.50]]


def drawn(*rings: list[list[float]], kind: str = "Polygon", **properties: object) -> str:
    coordinates = list(rings) if kind == "Polygon" else [[ring] for ring in rings]
    shape = {"type": kind, "coordinates": coordinates}
    feature = {"type": "Feature", "properties": {"code": "west", "name": "Ouest", **properties}, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False)


def doubts(small_town: Any) -> list[str]:
    jurisdictions = load_jurisdictions(small_town.folder)
    told = [each.line() for each in loose_ends(jurisdictions, types=(), plugins=())]
    assert [each.line() for each in jurisdictions.doubts] == told
    return told


def test_a_zone_whose_lines_cross_is_served_and_told_by_file_name_and_vertex(small_town: Any) -> None:
    small_town.write("essai/zones.geojson", drawn(BOW))
    assert doubts(small_town) == [
        "essai/zones.geojson · features[1].geometry · ‘Ouest’ is not a valid shape: self-intersection at -73.580000, "
        "45.520000 (between vertices 1 and 2, vertices 3 and 4) · draw it again; it was repaired as far as possible"
    ]
    [zone] = small_town.load().zones
    assert zone.geometry.is_valid
    assert zone.geometry.geom_type in ("Polygon", "MultiPolygon")


def test_an_open_ring_is_served_and_told_with_its_vertex(small_town: Any) -> None:
    outer = [[-73.60, 45.50], [-73.55, 45.50], [-73.55, 45.56], [-73.60, 45.56], [-73.60, 45.50]]
    hole = [[-73.59, 45.51], [-73.58, 45.51], [-73.58, 45.52]]
    small_town.write("essai/zones.geojson", drawn(outer, hole))
    [told] = doubts(small_town)
    assert "‘Ouest’ has a ring that is open: ring 2, vertex 3 is not vertex 1 · close it in the file" in told


@pytest.mark.parametrize("file", ["boundary", "zones", "areas", "layers/zoning", "owners"])
def test_latitude_before_longitude_is_refused_wherever_it_stands(small_town: Any, file: str) -> None:
    owner = '[west]\nname = { fr = "Réseau", en = "Grid" }\nlink = "https://grid.example"\n'
    if file == "owners":
        small_town.write("essai/owners.toml", owner)
    ring = [[45.51, -73.59], [45.51, -73.58], [45.52, -73.58], [45.51, -73.59]]
    small_town.write(f"essai/{file}.geojson", drawn(ring, owner="west", kind="MultiPolygon"))
    told = mistakes(small_town.folder)
    assert told[0] == (
        f"essai/{file}.geojson · features[1].geometry · ‘Ouest’ has latitude before longitude: part 1, ring 1, "
        "vertex 1 (45.51, -73.59) · write longitude first, as GeoJSON asks (EPSG:4326)"
    )


def test_one_vertex_that_is_turned_is_found_among_the_others(small_town: Any) -> None:
    ring = [[-73.60, 45.50], [-73.55, 45.50], [45.56, -73.55], [-73.60, 45.56], [-73.60, 45.50]]
    small_town.write("essai/zones.geojson", drawn(ring))
    assert "vertex 3 (45.56, -73.55)" in mistakes(small_town.folder)[0]


@pytest.mark.parametrize(("east", "lies"), [(-73.45, "reaches outside"), (None, "lies wholly outside")])
def test_a_zone_outside_the_boundary_is_told_with_its_farthest_vertex(
    small_town: Any, east: float | None, lies: str
) -> None:
    west, east = (-73.55, east) if east else (-73.45, -73.40)
    ring = [[west, 45.50], [east, 45.50], [east, 45.53], [west, 45.53], [west, 45.50]]
    small_town.write("essai/zones.geojson", drawn(ring))
    [told] = doubts(small_town)
    assert told.startswith(f"essai/zones.geojson · west · ‘Ouest’ {lies} the boundary: vertex 2 ({east}, 45.5) is ")
    assert " m away from it · redraw the zone or the boundary" in told


def test_a_zone_drawn_by_hand_along_the_boundary_is_not_told(small_town: Any) -> None:
    ring = [[-73.6003, 45.50], [-73.55, 45.4998], [-73.55, 45.56], [-73.60, 45.56], [-73.6003, 45.50]]
    small_town.write("essai/zones.geojson", drawn(ring))
    assert doubts(small_town) == []


def test_a_layer_with_many_broken_shapes_is_not_told_shape_by_shape(small_town: Any) -> None:
    many = json.loads(drawn(BOW))
    many["features"] *= 300
    small_town.write("essai/layers/lots.geojson", json.dumps(many))
    told = doubts(small_town)
    assert len(told) == 11
    assert told[-1] == "essai/layers/lots.geojson · has 290 more such shapes · check each of them"


def test_a_ring_of_units_is_told(small_town: Any) -> None:
    small_town.edit("essai/units.toml", "[roads]", 'parent = "roads"\n[roads]')
    assert any("leads back to this unit" in line for line in mistakes(small_town.folder))


def test_an_owner_that_helps_nobody_is_told(small_town: Any) -> None:
    small_town.write("essai/owners.toml", '[utility]\nname = { fr = "Réseau", en = "Grid" }\n')
    found = mistakes(small_town.folder)
    assert "has no link and no phone" in found[0]
    assert "covers every request everywhere" in found[1]


def test_two_towns_cannot_claim_one_host(small_town: Any) -> None:
    for name in ("jurisdiction.toml", "units.toml", "boundary.geojson"):
        small_town.write(f"autre/{name}", (small_town.folder / "essai" / name).read_bytes())
    assert mistakes(small_town.folder) == [
        "essai/jurisdiction.toml · hosts · 'essai.example' is already the host of autre · give it to one of the two"
    ]


def test_a_default_that_is_not_there_may_be_a_town_that_is_away(small_town: Any) -> None:
    small_town.write("territory.toml", 'default = "esai"')
    loaded = load_jurisdictions(small_town.folder)
    assert (loaded.default, loaded.named) == ("essai", "esai")
    assert "'esai' is not a jurisdiction · name one of the folders (did you mean" in wrong_default(loaded).line()


def test_an_empty_folder_is_told_and_keeps_no_other_town_from_being_served(small_town: Any) -> None:
    (small_town.folder / "autre").mkdir()
    loaded = load_jurisdictions(small_town.folder)
    assert [each.line() for each in loaded.doubts] == [
        "autre · is empty, so it is not a town · mount or restore its contents, or remove it"
    ]
    assert loaded.default == "essai"


def test_a_town_that_writes_in_french_only_needs_no_english(small_town: Any) -> None:
    small_town.edit(MAIN, '"bilingual"', '"french_only"')
    small_town.edit(MAIN, ', en = "Testville"', "")
    assert small_town.load().languages == ("fr",)


def test_names_that_no_plugin_provides_are_loose_ends_and_not_mistakes(demo_jurisdictions: Jurisdictions) -> None:
    ends = [end.line() for end in loose_ends(demo_jurisdictions, types=["potholes", "noise"], plugins=["reports"])]
    missing = "parvis/routes.toml · rules · 'pothole' is not an installed type"
    assert f"{missing} · install its plugin or correct the name (did you mean 'potholes'?)" in ends
    assert not any("'noise'" in end or "'reports'" in end for end in ends)


def test_the_demo_town_has_no_loose_end_with_its_own_plugins(demo_jurisdictions: Jurisdictions) -> None:
    types = {
        "pothole", "street_light", "missed_collection", "graffiti", "fallen_branch", "snowy_sidewalk",
        "illegal_dumping", "park_equipment", "snow_operation",
        "noise", "service_complaint", "animal_nuisance", "construction", "occupation", "sign", "event", "tree_felling",
    }  # fmt: skip
    assert loose_ends(demo_jurisdictions, types=types, plugins={"reports", "complaints", "permits"}) == ()
