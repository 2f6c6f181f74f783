"""What a map draws of a town: its own streets, its parks, and the tiles that it chose."""

import tomllib

import msgspec
import pytest

from parvis.example_towns import town_folder
from parvis.jurisdictions.base_map import BaseMap, read_base_map
from parvis.jurisdictions.ground import read_ground
from parvis.jurisdictions.reading import Findings, Table
from parvis_sdk.text import Text


def test_a_town_with_its_own_map_of_streets_is_drawn_by_it(tmp_path):
    line = {"type": "LineString", "coordinates": [[-73.58, 45.52], [-73.57, 45.53]]}
    content = {"features": [{"properties": {"name": "Rue Vraie"}, "geometry": line}]}
    (tmp_path / "streets.geojson").write_bytes(msgspec.json.encode(content))
    (tmp_path / "areas.geojson").write_text('{"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}}]}')
    findings = Findings(tmp_path)
    ground = read_ground(findings, tmp_path, Table(findings, tmp_path, "map_data", {}))
    assert [street.name for street in ground.streets] == ["Rue Vraie"]
    assert "draw a Polygon or MultiPolygon" in findings.mistakes[0].todo


def read(lines):
    """The base map of these lines of a settings file, and what was found wrong with them."""
    findings = Findings(town_folder())
    table = Table(findings, town_folder() / "x.toml", "base_map", tomllib.loads(lines))
    return read_base_map(table), " | ".join(f"{one.key} · {one.what}" for one in findings.mistakes)


def test_a_base_map_of_each_kind_is_read():
    xyz, wrong = read(
        'url = "https://{s}.t.example/{z}/{x}/{y}.png"\nattribution = "©"\nsubdomains = ["un", "deux"]\n'
        'tile_size = 512\ndark_url = "https://nuit.example/{z}/{x}/{y}.png"\nmax_zoom = 17\nlink = "https://t.example/"'
    )
    assert (xyz.kind, xyz.tile_size, xyz.max_zoom, wrong) == ("xyz", 512, 17, "")
    assert xyz.origins == ("https://un.t.example", "https://deux.t.example", "https://nuit.example")
    wms, wrong = read(
        'kind = "wms"\nurl = "https://w.example/ows?map=a"\nlayers = "fond"\nattribution = "©"\nversion = "1.1.1"'
    )
    assert (wms.kind, wms.layers, wms.version, wms.origins) == ("wms", "fond", "1.1.1", ("https://w.example",))
    assert wrong == ""
    assert read('kind = "none"') == (None, "")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('url = "http://t.example/{z}/{x}/{y}.png"', "base_map.url · is not encrypted"),
        ('url = "https://{x}.example/{z}/{x}/{y}.png"', "in its host"),
        ('url = "https://t.example/{z}/{x}/{y}.png"\nsubdomains = ["a"]', "are not used in the address"),
        ('url = "https://{s}.t.example/{z}/{x}/{y}.png"\nsubdomains = ["a b"]', "is not part of a host name"),
        ('url = "https://t.example/{z}/{x}/{y}.png"\ndark_url = "https://n.example/a.png"', "dark_url · has no"),
        ('kind = "wms"\nurl = "https://w.example/"', "base_map.layers · is missing"),
        (
            'kind = "arcgis"\nurl = "https://sig.example/arcgis/rest/services/Fond"',
            "base_map.url · is not a map service",
        ),
        ('url = "/tuiles/{z}/{x}/{y}.png"\nproxy = true', "base_map.url · is a page of this site"),
        ('kind = "vector"\nurl = "https://t.example/{z}/{x}/{y}.png"', "'vector' is unknown"),
    ],
)
def test_a_mistake_in_the_base_map_is_told(lines, said):
    assert said in read(f'attribution = "©"\n{lines}')[1]


def test_what_we_fetch_ourselves_may_be_unencrypted_and_needs_no_other_origin():
    base, wrong = read(
        'kind = "arcgis"\nurl = "http://sig.local/arcgis/rest/services/Fond/MapServer"\nattribution = "©"\n'
        "proxy = true\nkeep_days = 7\nkeep_megabytes = 50"
    )
    assert (base.kind, base.proxy, base.keep_days, base.keep_megabytes, wrong) == ("arcgis", True, 7, 50, "")
    assert base.origins == ()


def test_tiles_of_our_own_site_need_no_other_origin():
    assert BaseMap(url="/tuiles/{z}/{x}/{y}.png", attribution=Text(fr="©")).origins == ()
