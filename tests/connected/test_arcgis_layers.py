"""Layers of ArcGIS kept as copies: read page by page, kept up to date by what changed, in use while ArcGIS is away."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import shapely
from msgspec import structs

from parvis import clock
from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.jurisdictions import Jurisdictions
from parvis.jurisdictions.layers import ASSETS, AssetLayer, known_of, nearest_assets
from parvis.jurisdictions.places import locate
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.host import Host
from parvis.sections import OutgoingSettings
from parvis_connectors.calls import check
from parvis_connectors.layers import changes_of, layers, troubles_of
from parvis_connectors.polling import poll_now, readings
from parvis_connectors.renewing import LayerRenewal
from parvis_gis_arcgis import plugin as gis_arcgis
from parvis_gis_arcgis.geometries import geojson_of
from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.settings import Settings
from parvis_sdk.requests import Place
from parvis_sdk.text import Text
from parvis_testing.jurisdictions import example_towns

from ..counterparts.arcgis import Field, Layer, arcgis_server
from ..counterparts.koop import koop
from ..counterparts.line import RESET, broken, rubbish

TERRITORIES = Path(__file__).parent / "montreal/territoires.geojson"
LON, LAT = -73.5807, 45.5236
LAMPS = Layer(
    "Lampadaires",
    fields=(
        Field("NO_LAMPE", length=20),
        Field("ETAT", "SmallInteger", domain={1: "En service", 2: "Hors service"}),
        Field("POSE_LE", "Date"),
        Field("VUE_LE", "Date"),
        Field("HAUTEUR", "Double"),
    ),
    max_record_count=10,
)
FACTS = {"state": "ETAT", "installed": "POSE_LE", "seen": "VUE_LE", "height": "HAUTEUR"}


class Town:
    """A town that keeps copies of layers."""

    def __init__(self, host):
        self.host = host
        self.renewing = LayerRenewal(host.jurisdictions.by_code)

    @property
    def here(self):
        return self.host.jurisdictions.jurisdiction("parvis")

    def change(self, assets=None, **values):
        self.renewing.towns["parvis"] = structs.replace(self.renewing.towns["parvis"], **values)
        if assets is not None:
            self.renewing.towns["parvis"] = ASSETS.put(self.renewing.towns["parvis"], assets)
        self.host.jurisdictions.by_code["parvis"] = self.renewing.towns["parvis"]

    async def read(self, name="arcgis_lamps"):
        came = await poll_now(self.host, self.host.plugins.connectors[name], "test")
        await self.renewing.look(self.host)
        return came

    async def trouble(self, name="arcgis_lamps"):
        return str((await readings())[name].trouble or "")

    def knows(self, layer, lon, lat):
        return known_of(self.here, Place(lon=lon, lat=lat)).get(layer)

    def lamp_codes(self):
        return {one.code for one in ASSETS.of(self.here)["lamps"].assets}


@pytest.fixture(scope="module")
def towns():
    return example_towns()


@pytest.fixture
async def connected(database, towns, tmp_path, reading):
    """A town with these layers among the settings of the plugin."""
    opened = []

    def make(*read):
        given = Settings(layers=tuple(ReadLayer(**{"facts": FACTS, **each}) for each in read))
        plugins = load_plugins([DiscoveredPlugin.of("gis_arcgis", gis_arcgis)], lambda name, kind: given)
        assert not plugins.troubles, [str(trouble) for trouble in plugins.troubles]
        jurisdictions = Jurisdictions(by_code=dict(towns.by_code), default=towns.default)
        clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
        opened.append(clients)
        host = Host(
            engine=database,
            jurisdictions=jurisdictions,
            plugins=plugins,
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
            modules=reading,
        ).having(clients)
        town = Town(host)
        town.change(
            assets={"lamps": AssetLayer(code="lamps", name=Text(fr="Lampadaires"), layer="lamps")},
        )
        return town

    yield make
    for clients in opened:
        await clients.close()


def at(x, y):
    return {"x": x, "y": y}


def fill(layer, many):
    layer.fill(
        (
            {"NO_LAMPE": f"L-{number}", "ETAT": 1, "HAUTEUR": 7.5},
            at(round(LON + number / 10_000, 6), LAT),
        )
        for number in range(many)
    )


@pytest.fixture
def arcgis():
    with arcgis_server([LAMPS, structs.replace(LAMPS, name="Sans dates", edit_tracking=False)]) as server:
        yield server


def lamps(server, name="Lampadaires", **more):
    return {"name": "lamps", "url": server.layer(name).url, "code": "NO_LAMPE", "label": "NO_LAMPE", **more}


async def test_a_layer_longer_than_a_page_is_read_whole_in_one_poll(arcgis, connected):
    layer = arcgis.layer("Lampadaires")
    fill(layer, 57)
    town = connected(lamps(arcgis))
    assert await town.read() == 57
    assert town.lamp_codes() == {f"L-{number}" for number in range(57)}
    assert len([each for each in arcgis.asked("query") if "resultRecordCount" in each]) == 6
    [nearest, *_] = nearest_assets(town.here, "lamps", LON + 0.00201, LAT)
    assert (nearest.code, nearest.name.fr) == ("L-20", "L-20")


async def test_afterwards_only_what_was_edited_is_read_and_what_is_gone_is_found(arcgis, connected):
    layer = arcgis.layer("Lampadaires")
    fill(layer, 40)
    town = connected(lamps(arcgis))
    await town.read()
    before = clock.now()
    pages = len(arcgis.asked("query"))
    layer.add({"NO_LAMPE": "L-neuf"}, at(LON, LAT + 0.001))
    layer.remove(3)
    assert await town.read() == 2
    assert town.lamp_codes() == {f"L-{number}" for number in range(40) if number != 2} | {"L-neuf"}
    asked = arcgis.asked("query")[pages:]
    assert all("EditDate >= timestamp" in each["where"] for each in asked if "resultRecordCount" in each)
    [standing] = await layers(town.host)
    assert (standing.features, standing.towns) == (40, ("parvis",))
    assert standing.read_at >= before
    assert [(each.code, each.what) for each in await changes_of(standing.id)] == [("L-2", "gone"), ("L-neuf", "added")]


async def test_edits_that_are_older_than_the_margin_are_not_read_again(arcgis, connected):
    layer = arcgis.layer("Lampadaires")
    fill(layer, 40)
    layer.rows.execute("UPDATE features SET EditDate = EditDate - 3600000 WHERE OBJECTID > 1")
    town = connected(lamps(arcgis))
    await town.read()
    asked = len(arcgis.asked("query"))
    assert await town.read() == 0
    assert len(arcgis.asked("query")) == asked + 2  # the one page, and the ids


async def test_a_layer_without_dates_of_edits_is_compared_row_by_row(arcgis, connected):
    layer = arcgis.layer("Sans dates")
    fill(layer, 25)
    town = connected(lamps(arcgis, "Sans dates"))
    assert await town.read() == 25
    layer.change(7, ETAT=2)
    layer.remove(8)
    assert await town.read() == 2
    [standing] = await layers(town.host)
    assert {(each.code, each.what) for each in await changes_of(standing.id)} == {("L-6", "changed"), ("L-7", "gone")}


async def test_dates_are_of_the_town_and_coded_values_have_their_names(connected):
    areas = structs.replace(LAMPS, name="Secteurs", geometry="polygon")
    moment = int(datetime(2026, 7, 2, 1, 30, tzinfo=UTC).timestamp() * 1000)
    day = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp() * 1000)
    ring = [[LON, LAT], [LON, LAT + 0.01], [LON + 0.01, LAT + 0.01], [LON + 0.01, LAT], [LON, LAT]]
    with arcgis_server([areas]) as server:
        row = {"NO_LAMPE": "S-1", "ETAT": 2, "POSE_LE": day, "VUE_LE": moment, "HAUTEUR": None}
        server.layer("Secteurs").add(row, {"rings": [ring]})
        town = connected(lamps(server, "Secteurs"))
        await town.read()
    assert town.knows("lamps", LON + 0.005, LAT + 0.005) == {
        "state": "Hors service",
        "state_code": 2,
        "installed": "2026-05-01",
        "seen": "2026-07-01T21:30:00-04:00",
    }


@pytest.mark.parametrize("fault", [RESET, broken(), rubbish()])
async def test_a_reading_that_broke_off_goes_on_where_it_was(arcgis, connected, fault):
    fill(arcgis.layer("Lampadaires"), 57)
    town = connected(lamps(arcgis))
    pages = []
    ask = arcgis.carried

    def carried(method, path, headers, body):
        if b"resultRecordCount" in body:
            pages.append(body)
            if len(pages) == 3:
                arcgis.next(fault, path="query")
        return ask(method, path, headers, body)

    arcgis.carried = carried
    assert await town.read() == 30
    assert await town.trouble()
    assert ASSETS.of(town.here)["lamps"].assets == ()  # not used before it is whole
    assert await town.read() == 27
    assert len(town.lamp_codes()) == 57
    assert await town.trouble() == ""


async def test_while_arcgis_is_away_the_town_answers_from_its_copies(arcgis, connected):
    fill(arcgis.layer("Lampadaires"), 12)
    town = connected(lamps(arcgis))
    await town.read()
    arcgis.cut()
    assert await town.read() == 0
    assert "cannot be reached" in await town.trouble()
    elsewhere = LayerRenewal(town.renewing.towns)  # another process that starts meanwhile
    town.host.jurisdictions.by_code["parvis"] = town.renewing.towns["parvis"]
    assert await elsewhere.look(town.host)
    assert len(nearest_assets(town.here, "lamps", LON, LAT, limit=50)) == 12
    arcgis.mend()
    arcgis.layer("Lampadaires").change(1, NO_LAMPE="L-un")
    assert await town.read() == 1
    assert "L-un" in town.lamp_codes()


async def test_a_layer_that_says_to_be_empty_loses_nothing_unless_it_may_be(arcgis, connected):
    layer = arcgis.layer("Sans dates")
    fill(layer, 3)
    town = connected(lamps(arcgis, "Sans dates"))
    await town.read()
    layer.rows.execute("DELETE FROM features")
    await town.read()
    assert "may_be_empty" in await town.trouble()
    assert len(town.lamp_codes()) == 3
    [standing] = await layers(town.host)
    assert await changes_of(standing.id) == ()


async def test_a_column_that_is_not_there_is_named_by_the_check_and_the_poll(arcgis, connected):
    fill(arcgis.layer("Lampadaires"), 3)
    town = connected(lamps(arcgis, facts={"state": "ETTA"}))
    await town.read()
    assert "'ETTA'" in await town.trouble()
    settings, *_ = await check(town.host, town.host.plugins.connectors["arcgis_lamps"])
    assert (settings.code, settings.ok) == ("settings", False)
    assert "'ETTA'" in settings.said.en


async def test_the_check_says_how_the_layer_is_read(arcgis, connected):
    fill(arcgis.layer("Lampadaires"), 3)
    town = connected(lamps(arcgis), {**lamps(arcgis, "Sans dates"), "name": "others"})
    by_edits = await check(town.host, town.host.plugins.connectors["arcgis_lamps"])
    assert [(each.code, each.ok) for each in by_edits] == [("settings", True), ("reachable", True), ("allowed", True)]
    assert "only changes" in by_edits[0].said.en
    assert "all rows" in (await check(town.host, town.host.plugins.connectors["arcgis_others"]))[0].said.en
    arcgis.cut()
    away = await check(town.host, town.host.plugins.connectors["arcgis_lamps"])
    assert [(each.code, each.ok) for each in away] == [("settings", False), ("reachable", False)]


async def test_other_facts_asked_for_have_every_row_read_again(arcgis, connected):
    fill(arcgis.layer("Lampadaires"), 15)
    town = connected(lamps(arcgis, facts={}))
    await town.read()
    again = connected(lamps(arcgis, facts={"height": "HAUTEUR"}))
    assert await again.read() == 15
    [kept] = again.renewing.held.values()
    assert {each.facts for each in kept.things.values()} == {b'{"height":7.5}'}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Six territories of the island of Montréal by Esri's own server: one in three parts, one with a hole."""
    folder = tmp_path_factory.mktemp("territories")
    shutil.copyfile(TERRITORIES, folder / "territoires.geojson")
    with koop(folder) as running:
        yield running.layer("territoires")


async def test_parts_and_holes_of_real_territories_are_where_they_are(served, connected):
    town = connected(
        {"name": "territories", "url": served, "code": "CODEID", "label": "NOM", "facts": {"name": "NOM"}, "page": 2}
    )
    town.change(zones_layer="territories")
    assert await town.read("arcgis_territories") == 6
    real = {each["properties"]["NOM"]: each for each in json.loads(TERRITORIES.read_text("utf-8"))["features"]}
    shapes = {name: shapely.from_geojson(json.dumps(each["geometry"])) for name, each in real.items()}
    parts = [part.representative_point() for part in shapely.get_parts(shapes["Côte-Saint-Luc"])]
    assert len(parts) == 3
    assert [town.knows("territories", part.x, part.y)["name"] for part in parts] == ["Côte-Saint-Luc"] * 3
    [hole] = [ring for part in shapely.get_parts(shapes["Dorval"]) for ring in part.interiors]
    inside = shapely.Polygon(hole).representative_point()
    assert town.knows("territories", inside.x, inside.y) == {"name": "L'Île-Dorval"}
    for zone in town.here.zones:
        same = shapes[zone.name.fr]
        assert zone.geometry.symmetric_difference(same).area < same.area / 1e6
    assert locate(town.here, inside.x, inside.y).zone_codes == ("z50",)
    [standing] = await layers(town.host)
    assert (standing.troubled, await troubles_of(standing.id)) == (0, ())


@pytest.mark.parametrize("reference", [3857, 2950, 32198])
def test_a_server_that_answers_in_its_own_reference_is_understood(served, reference):
    asked = {"where": "1=1", "f": "json", "outFields": "NOM", "outSR": str(reference)}
    page = httpx.get(f"{served}/query", params=asked).json()
    real = {each["properties"]["NOM"]: each for each in json.loads(TERRITORIES.read_text("utf-8"))["features"]}
    assert len(page["features"]) == 6
    for each in page["features"]:
        x = each["geometry"]["rings"][0][0][0]
        assert abs(x) > 10_000  # metres
        ours = shapely.from_geojson(json.dumps(geojson_of(each["geometry"], {"wkid": reference})))
        theirs = shapely.from_geojson(json.dumps(real[each["attributes"]["NOM"]]["geometry"]))
        assert ours.hausdorff_distance(theirs) < 0.00003  # degrees: two metres, of which the datum is one
