"""Whatever is wrong with a row is told with its value, and what cannot be right is refused."""

import json

import pytest

from parvis_geodata.judging import judge
from parvis_geodata.mapping import Columns, FileMapping
from parvis_geodata.sources import read_csv, read_geojson
from parvis_geodata.trying import try_out

WEST, SOUTH = -73.60, 45.53  # within the town
ZONES = FileMapping(subject="zones", columns=Columns(code="code", name="name"))


def square(west=WEST, south=SOUTH, size=0.004, **properties):
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    named = {"code": "a", "name": "Secteur A"} | properties
    return {"type": "Feature", "properties": named, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def source_of(*features):
    return read_geojson(json.dumps({"type": "FeatureCollection", "features": features}).encode())


def codes_of(judged):
    return [each.code for each in judged.findings]


def swapped():
    feature = square()
    [ring] = feature["geometry"]["coordinates"]
    feature["geometry"]["coordinates"] = [[[lat, lon] for lon, lat in ring]]
    return feature


def crossing():
    feature = square()
    [ring] = feature["geometry"]["coordinates"]
    ring[1], ring[2] = ring[2], ring[1]
    return feature


def drawn(geometry):
    return square() | {"geometry": geometry}


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (swapped(), "swapped"),
        (crossing(), "crossing"),
        (square(west=-71.2, south=46.8), "outside"),
        (square(code=""), "no_code"),
        (square(code="—"), "bad_code"),
        (square(name=" "), "no_name"),
        (square(name="CÃ´te-des-Neiges"), "unreadable_words"),
        (square(name="C\ufffdte-des-Neiges"), "unreadable_words"),
        (square(west=299000, south=5042500, size=100), "no_degrees"),
        (drawn(None), "no_shape"),
        (drawn({"type": "Polygon", "coordinates": "?"}), "unreadable"),
        (drawn({"type": "Point", "coordinates": [WEST, SOUTH]}), "no_area"),
    ],
)
def test_a_zone_that_cannot_be_right_is_refused_for_its_reason(there, feature, code):
    good, bad = judge(there, ZONES, source_of(square(code="good"), feature))
    assert (good.outcome, codes_of(good)) == ("taken", [])
    assert (bad.outcome, bad.row, codes_of(bad)) == ("refused", 2, [code])
    assert all(each.reason.fr and each.reason.en for each in bad.findings)


def test_lines_that_cross_are_mended_where_the_mapping_says_so(there):
    mapping = FileMapping(subject="zones", columns=ZONES.columns, crossing="mend")
    [judged] = judge(there, mapping, source_of(crossing()))
    assert (judged.outcome, codes_of(judged)) == ("taken", ["mended"])
    assert judged.thing.shape.is_valid


def test_rows_of_one_code_are_refused_or_joined(there):
    source = source_of(square(), square(west=WEST + 0.004))
    assert [each.outcome for each in judge(there, ZONES, source)] == ["taken", "refused"]
    mapping = FileMapping(subject="zones", columns=ZONES.columns, doubled="join")
    assert [each.outcome for each in judge(there, mapping, source)] == ["taken", "joined"]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("0,0", "zero_point"),
        ("45.53,-73.6", "swapped"),
        ("-71.2,46.8", "outside"),
        ("x,45", "unreadable"),
        (",", "no_shape"),
    ],
)
def test_a_point_that_cannot_be_right_is_refused(there, cells, code):
    mapping = FileMapping(subject="places", columns=Columns(name="nom", lon="lon", lat="lat"), projection="degrees")
    good, bad = judge(there, mapping, read_csv(f"nom,lon,lat\nParc A,-73.5821,45.5249\nParc B,{cells}\n".encode()))
    assert good.outcome == "taken"
    assert (bad.outcome, bad.row, codes_of(bad)) == ("refused", 3, [code])


def test_an_area_that_is_an_asset_has_its_middle_as_its_point(there):
    mapping = FileMapping(subject="assets/equipment", columns=ZONES.columns)
    [judged] = judge(there, mapping, source_of(square()))
    assert (judged.outcome, codes_of(judged), judged.thing.shape.geom_type) == ("taken", ["middle"], "Point")


async def test_zones_that_overlap_keep_a_file_out_until_that_is_accepted(town, there, town_files):
    source = source_of(square(), square(west=WEST + 0.002, code="b", name="Secteur B"))
    trial = await try_out(town.host, there, ZONES, source, town_files)
    assert trial.is_blocked
    [overlap] = [each for each in trial.whole if each.finding.code == "overlap"]
    assert (overlap.row, overlap.code, overlap.finding.value) == (2, "b", "a")
    assert "50.0%" in overlap.finding.reason.en
    accepted = await try_out(town.host, there, ZONES, source, town_files, ("overlaps",))
    assert not any(each.finding.severe for each in accepted.whole)


async def test_parts_of_the_town_in_no_zone_and_zones_that_go_are_told(town, there, town_files):
    trial = await try_out(town.host, there, ZONES, source_of(square(code="outremont")), town_files)
    told = {(each.finding.code, each.code) for each in trial.whole}
    assert {("gap", ""), ("goes", "plateau"), ("moved", "outremont")} <= told


async def test_rules_that_name_a_zone_which_is_gone_keep_the_file_out(town, there, town_files):
    trial = await try_out(town.host, there, ZONES, source_of(square()), town_files)
    assert trial.is_blocked
    assert any("'plateau' is not a zone of this jurisdiction" in each.what for each in trial.mistakes)
