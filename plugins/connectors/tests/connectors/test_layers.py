"""Layers of a town that another system brings: kept by what changed, and used where its files leave room for them."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from parvis import clock
from parvis.db import counted
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.layers import ASSETS, LAYERS, AssetLayer, known_of, nearest_assets
from parvis.jurisdictions.places import locate
from parvis.requests.places import named_assets, offered_assets
from parvis_connectors import layers as features
from parvis_connectors.layers import changes_of, layers, troubles_of
from parvis_connectors.polling import poll_now, readings
from parvis_connectors.renewing import LayerRenewal
from parvis_sdk.connectors import Feature, Gone, News, Whole
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_testing.town import HOLE

LON, LAT = -73.5807, 45.5236
LAMPS = Text(fr="Lampadaires", en="Street lights")


@pytest.fixture
def jurisdictions(jurisdictions):
    """The towns of the demo, to be renewed by one test alone."""
    return Jurisdictions(by_code=dict(jurisdictions.by_code), default=jurisdictions.default)


def square(key, west=LON, south=LAT, size=0.001, layer="lots", **more):
    corners = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    facts = more.pop("facts", {"matricule": f"M-{key}"})
    geometry = {"type": "Polygon", "coordinates": [corners]}
    return Feature(layer=layer, key=key, facts=facts, geometry=more.pop("geometry", geometry), **more)


def lamp(key, lon=LON, lat=LAT, **more):
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return Feature(layer="lamps", key=key, geometry=geometry, **more)


def all_of(layer, *keys):
    return (Whole(layer=layer, keys=frozenset(keys)),)


async def nothing(event, request, connection):
    """This system only brings layers."""


class Brought:
    """A town whose connector brings these pages of news, one a poll."""

    def __init__(self, make_town, connector, **given):
        self.pages = []
        layers = given.pop("layers", ("lots", "lamps", "sectors"))
        one = connector(nothing, name="gis", events=(), changes=self._changes, layers=layers, **given)
        self.town = make_town(one)
        self.host = self.town.host
        self.renewing = LayerRenewal(self.host.jurisdictions.by_code)

    async def _changes(self, connection, cursor):
        return self.pages.pop(0) if self.pages else News(cursor=cursor)

    async def read(self, *brought, whole=(), more=False):
        """One page, taken in, and the towns renewed."""
        self.pages.append(News(features=brought, whole=whole, cursor=str(clock.now()), more=more))
        came = await poll_now(self.host, self.town.connector("gis"), "test")
        await self.renewing.look(self.host)
        return came

    @property
    def here(self):
        return self.host.jurisdictions.jurisdiction("parvis")

    def change(self, assets=None, **values):
        """What the files of the town say."""
        self.renewing.towns["parvis"] = replace(self.renewing.towns["parvis"], **values)
        if assets is not None:
            self.renewing.towns["parvis"] = ASSETS.put(self.renewing.towns["parvis"], assets)
        self.host.jurisdictions.by_code["parvis"] = self.renewing.towns["parvis"]

    def facts(self, lon=LON + 0.0005, lat=LAT + 0.0005):
        return known_of(self.here, Place(lon=lon, lat=lat)).get("lots")


@pytest.fixture
def brought(make_town, connector):
    return lambda **given: Brought(make_town, connector, **given)


async def test_facts_of_a_place_come_from_a_layer_once_it_is_whole(brought):
    gis = brought()
    await gis.read(square("1"), more=True)
    assert gis.facts() is None
    await gis.read(square("2", west=LON + 0.002), whole=all_of("lots", "1", "2"))
    assert gis.facts() == {"matricule": "M-1"}
    assert gis.facts(lon=LON + 0.0025) == {"matricule": "M-2"}
    assert gis.facts(lon=LON + 0.0015) is None
    [lots] = await layers(gis.host)
    assert (lots.connector, lots.name, lots.features, lots.troubled) == ("gis", "lots", 2, 0)
    assert await changes_of(lots.id) == ()


async def test_only_what_differs_is_a_change_and_each_is_told(brought):
    gis = brought()
    await gis.read(square("1"), square("2", west=LON + 0.002), whole=all_of("lots", "1", "2"))
    came = await gis.read(
        square("1", facts={"matricule": "M-1bis"}),
        square("2", west=LON + 0.002),
        square("3", west=LON + 0.004, code="lot 3"),
        whole=all_of("lots", "1", "2", "3"),
    )
    assert came == 2
    assert gis.facts() == {"matricule": "M-1bis"}
    assert gis.facts(lon=LON + 0.0045) == {"matricule": "M-3"}
    assert await gis.read(square("2", west=LON + 0.002), whole=all_of("lots", "1", "3")) == 0
    assert await gis.read(whole=all_of("lots", "1", "3")) == 1
    assert gis.facts(lon=LON + 0.0025) is None
    await gis.read(Gone(layer="lots", key="1"))
    assert gis.facts() is None
    [lots] = await layers(gis.host)
    told = [(each.code, each.what) for each in reversed(await changes_of(lots.id))]
    assert told == [("1", "changed"), ("lot 3", "added"), ("2", "gone"), ("1", "gone")]
    assert lots.features == 1


async def test_what_was_told_of_changes_is_dropped_in_the_end(brought, monkeypatch):
    gis = brought()
    await gis.read(square("1"), whole=all_of("lots", "1"))
    await gis.read(Gone(layer="lots", key="1"))
    assert await features.sweep(gis.host.engine) == 0
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + features.CHANGES_KEPT + timedelta(days=1))
    assert await features.sweep(gis.host.engine) == 1


async def test_things_to_point_at_come_from_a_layer(brought):
    gis = brought()
    request_type = replace(HOLE, place=replace(HOLE.place, assets="street_lights"))
    gis.change(assets={"street_lights": AssetLayer(code="street_lights", name=LAMPS, layer="lamps")})
    assert offered_assets(gis.here, request_type, LON, LAT) == ()
    await gis.read(
        lamp("1", code="L-1", name=Text(fr="Lampadaire 1", en="Street light 1")),
        lamp("2", code="L-2", lon=LON + 0.0004),
        lamp("3", code="L-3", lon=LON + 0.0002),
        whole=all_of("lamps", "1", "2", "3"),
    )
    assert [one.code for one in offered_assets(gis.here, request_type, LON, LAT)] == ["L-1", "L-3", "L-2"]
    [first] = named_assets(gis.here, request_type, ("L-1",))
    assert (first.name.to("en"), first.lon, first.lat) == ("Street light 1", LON, LAT)
    assert named_assets(gis.here, request_type, ("L-9",)) == ()
    assert "lamps" not in LAYERS.of(gis.here)  # points know nothing of the ground around them


async def test_the_lot_that_a_point_lies_in_is_offered_before_nearer_middles(brought):
    gis = brought()
    gis.change(assets={"lots": AssetLayer(code="lots", name=LAMPS, layer="lots")})
    large = square("large", size=0.004)
    small = square("small", west=LON - 0.0002, size=0.0002)
    await gis.read(large, small, whole=all_of("lots", "large", "small"))
    found = nearest_assets(gis.here, "lots", LON + 0.00005, LAT + 0.0001)
    assert [one.code for one in found] == ["large", "small"]


async def test_zones_come_from_a_layer_and_rules_that_name_others_are_told(brought):
    gis = brought()
    gis.change(zones_layer="sectors")
    before = gis.here.zones
    assert before  # those of the file, until the layer was read
    sector = square("7", layer="sectors", code="16", name=Text(fr="Sud-Ouest"))
    await gis.read(sector, whole=all_of("sectors", "7"))
    assert [(zone.code, zone.name.fr) for zone in gis.here.zones] == [("z16", "Sud-Ouest")]
    assert locate(gis.here, LON + 0.0005, LAT + 0.0005).zone == "z16"
    assert locate(gis.here, LON - 0.0005, LAT + 0.0005).zone_codes == ()
    named = {zone for rule in gis.here.routes for zone in rule.zones}
    assert {zone for zone in named if any(f"'{zone}'" in each.what for each in gis.renewing.mistakes)} == named


async def test_a_file_of_the_town_stands_before_a_layer_of_the_same_name(brought):
    gis = brought()
    assert "zoning" in LAYERS.of(gis.here)
    theirs = LAYERS.of(gis.here)["zoning"]
    other = brought(layers=("zoning",))
    await other.read(square("1", layer="zoning"), whole=all_of("zoning", "1"))
    assert LAYERS.of(other.here)["zoning"] is theirs


async def test_a_layer_serves_the_towns_of_its_connector_only(brought):
    gis = brought(towns=("elsewhere",))
    await gis.read(square("1"), whole=all_of("lots", "1"))
    assert gis.facts() is None


async def test_a_layer_whose_connector_is_gone_is_not_used(brought):
    gis = brought()
    await gis.read(square("1"), whole=all_of("lots", "1"))
    gis.host.plugins.connectors.clear()
    assert await gis.renewing.look(gis.host)
    assert gis.facts() is None


async def test_shapes_that_are_wrong_are_mended_or_left_out_and_told(brought):
    gis = brought()
    east, north = LON + 0.001, LAT + 0.001
    ring = [[LON, LAT], [east, north], [east, LAT], [LON, north], [LON, LAT]]
    bow = {"type": "Polygon", "coordinates": [ring]}
    await gis.read(
        square("bow", geometry=bow),
        square("far", west=300_000, south=5_000_000),
        square("rubbish", geometry={"type": "Polygon", "coordinates": "x"}),
        square("none", geometry=None, trouble="its ring is open"),
        square("turned", geometry={"type": "Point", "coordinates": [LAT, LON]}),
        whole=all_of("lots", "bow", "far", "rubbish", "none", "turned"),
    )
    assert gis.facts(lon=LON + 0.0008) == {"matricule": "M-bow"}
    [lots] = await layers(gis.host)
    assert (lots.features, lots.troubled) == (5, 5)
    told = {each.code: each.what for each in await troubles_of(lots.id)}
    assert told["bow"].startswith("it is not a valid shape: self-intersection at -73.")
    assert told["bow"].endswith(" (between vertices 1 and 2, vertices 3 and 4): mended")
    assert told["turned"].startswith("it has latitude before longitude: vertex 1 (45.")
    assert told["far"] == "it has coordinates that are not degrees"
    assert told["none"] == "its ring is open"
    assert told["rubbish"].startswith("it has no geometry that can be read")


async def test_codes_that_several_things_have_are_told(brought):
    gis = brought()
    await gis.read(lamp("1", code="L-1"), lamp("2", code="L-1"), lamp("3"), whole=all_of("lamps", "1", "2", "3"))
    [lamps] = await layers(gis.host)
    assert [(each.code, each.what) for each in await troubles_of(lamps.id)] == [("L-1", "2 things have this code")]


async def test_another_process_reads_only_what_changed(brought):
    gis = brought()
    gis.change(assets={"lamps": AssetLayer(code="lamps", name=LAMPS, layer="lamps")})
    await gis.read(
        *(lamp(str(at), lat=LAT + at / 1e5) for at in range(50)), whole=all_of("lamps", *map(str, range(50)))
    )
    elsewhere = LayerRenewal(gis.renewing.towns)
    assert await elsewhere.look(gis.host)
    assert not await elsewhere.look(gis.host)
    await gis.read(Gone(layer="lamps", key="3"), lamp("4", lon=LON + 1))
    assert await elsewhere.look(gis.host)
    [held] = elsewhere.held.values()
    assert len(held.made.assets) == 49
    assert held.things["4"].lon == LON + 1
    with counted() as looked:
        assert not await elsewhere.look(gis.host)
    assert looked.count == 1


async def test_a_layer_that_was_not_declared_is_refused_and_nothing_of_it_kept(brought):
    gis = brought()
    await gis.read(square("1"), replace(square("2"), layer="lost"))
    assert await layers(gis.host) == ()
    assert "'lost'" in str((await readings())["gis"].trouble)
