"""Esri's geometries become GeoJSON in degrees."""

import pytest
from pyproj import Transformer
from shapely.geometry import Point, shape

from parvis_gis_arcgis.geometries import Unreadable, geojson_of, number_of

LON, LAT = -73.5541, 45.5088  # the town hall of Montréal


def ring(west, south, size, clockwise=True):
    corners = [[west, south], [west, south + size], [west + size, south + size], [west + size, south], [west, south]]
    return corners if clockwise else corners[::-1]


def test_a_ring_that_runs_clockwise_is_an_area_and_one_that_does_not_a_hole_in_it():
    made = geojson_of({"rings": [ring(0, 0, 10), ring(2, 2, 3, clockwise=False)]})
    assert made["type"] == "Polygon"
    area = shape(made)
    assert area.area == 91
    assert not area.contains(Point(3, 3))


def test_parts_keep_their_own_holes_and_an_island_in_a_lake_may_have_a_lake():
    made = geojson_of(
        {
            "rings": [
                ring(4, 4, 1, clockwise=False),  # the lake on the island
                ring(0, 0, 10),
                ring(2, 2, 6, clockwise=False),  # the lake
                ring(3, 3, 3),  # the island
                ring(20, 0, 2),
            ]
        }
    )
    assert made["type"] == "MultiPolygon"
    area = shape(made)
    assert area.is_valid
    assert area.area == (100 - 36) + (9 - 1) + 4


def test_a_hole_that_lies_nowhere_is_an_area():
    made = geojson_of({"rings": [ring(0, 0, 1), ring(5, 5, 1), ring(20, 20, 1, clockwise=False)]})
    assert shape(made).area == 3
    assert geojson_of({"rings": [ring(0, 0, 1, clockwise=False)]})["type"] == "Polygon"


def test_an_open_ring_is_closed_and_one_without_area_is_no_geometry():
    assert shape(geojson_of({"rings": [ring(0, 0, 2)[:-1]]})).area == 4
    with pytest.raises(Unreadable, match="three corners"):
        geojson_of({"rings": [[[0, 0], [1, 1], [0, 0]]]})


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        ({"x": LON, "y": LAT}, "Point"),
        ({"points": [[0, 0], [1, 1]]}, "MultiPoint"),
        ({"paths": [[[0, 0], [1, 1]]]}, "LineString"),
        ({"paths": [[[0, 0], [1, 1]], [[2, 2], [3, 3, 7]]]}, "MultiLineString"),
    ],
)
def test_each_kind_of_geometry_has_its_own_in_geojson(geometry, kind):
    made = geojson_of(geometry)
    assert made["type"] == kind
    assert shape(made).is_valid


@pytest.mark.parametrize("geometry", [None, {}, {"x": None, "y": None}, {"x": "NaN", "y": "NaN"}, {"rings": []}])
def test_nothing_is_no_place(geometry):
    assert geojson_of(geometry) is None


@pytest.mark.parametrize(
    "geometry",
    [
        {"rings": [[[0, 0], ["est", 1], [1, 1]]]},
        {"x": 1},
        {"x": float("inf"), "y": 1},
        {"rings": "x"},
        {"curveRings": [[[0, 0], {"c": [[1, 1], [2, 0]]}]]},
    ],
)
def test_what_cannot_be_read_says_so(geometry):
    with pytest.raises(Unreadable):
        geojson_of(geometry)


@pytest.mark.parametrize(
    "reference", [{"wkid": 102100, "latestWkid": 3857}, {"wkid": 2950}, {"wkid": 32198}, {"wkid": 102198}]
)
def test_a_place_in_metres_is_brought_to_degrees(reference):
    number = number_of(reference)
    x, y = Transformer.from_crs(4326, number, always_xy=True).transform(LON, LAT)
    assert abs(x) > 1000
    lon, lat = geojson_of({"x": x, "y": y}, reference)["coordinates"]
    assert (round(lon, 6), round(lat, 6)) == (LON, LAT)


def test_the_reference_that_a_geometry_brings_goes_before_that_of_its_page():
    x, y = Transformer.from_crs(4326, 32198, always_xy=True).transform(LON, LAT)
    made = geojson_of({"x": x, "y": y, "spatialReference": {"wkid": 32198}}, {"wkid": 4326})
    assert made["coordinates"] == pytest.approx((LON, LAT))


def test_a_reference_in_words_is_understood_and_an_unknown_one_is_told():
    words = Transformer.from_crs(2950, 4326).source_crs.to_wkt("WKT1_ESRI")
    x, y = Transformer.from_crs(4326, 2950, always_xy=True).transform(LON, LAT)
    assert geojson_of({"x": x, "y": y}, {"wkt": words})["coordinates"] == pytest.approx((LON, LAT), abs=1e-5)
    with pytest.raises(Unreadable, match="degrees"):
        geojson_of({"x": 1, "y": 1}, {"wkid": 999999})
