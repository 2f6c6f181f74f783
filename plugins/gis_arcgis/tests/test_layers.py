"""The settings of layers, the connectors that they make, and how a reading goes on from its cursor."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from parvis_gis_arcgis import plugin
from parvis_gis_arcgis.layer_settings import ReadLayer
from parvis_gis_arcgis.settings import Settings
from parvis_gis_arcgis.synchronising import place_of, read_on
from parvis_sdk.errors import Later, Refused

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)
LOTS = ReadLayer(name="lots", url="https://sig.example/arcgis/rest/services/Cadastre/MapServer/2", code="NO")
COLUMNS = [{"name": "OBJECTID", "type": "esriFieldTypeOID"}, {"name": "NO"}, {"name": "EDITED"}]
ABOUT = {"name": "Lots", "objectIdField": "OBJECTID", "maxRecordCount": 2, "fields": COLUMNS}
EDITS = {"editFieldsInfo": {"editDateField": "EDITED"}}


class ArcGIS:
    """Answers what a layer of these rows would, two at a time: object id, number and when it was edited."""

    def __init__(self, rows, **about):
        self.rows, self.about, self.asked = rows, ABOUT | about, []

    async def ask(self, kind, url, asked):
        self.asked.append(asked)
        return msgspec.convert(self._answer(url, asked), kind)

    def _answer(self, url, asked):
        if not url.endswith("/query"):
            return self.about
        if "returnIdsOnly" in asked:
            return {"objectIds": [id for id, _, _ in self.rows] or None}
        after = int(re.search(r"OBJECTID > (-?\d+)", asked["where"])[1])
        since = re.search(r"EDITED >= timestamp '([^']+)'", asked["where"])
        from_ = datetime.fromisoformat(since[1]).replace(tzinfo=UTC).timestamp() * 1000 if since else 0
        found = [row for row in self.rows if row[0] > after and row[2] >= from_]
        page = [{"attributes": {"OBJECTID": id, "NO": no, "EDITED": edited}} for id, no, edited in found[:2]]
        return {"features": page, "exceededTransferLimit": len(found) > 2, "spatialReference": {"wkid": 4326}}


def edited(minutes):
    return int((NOW - timedelta(minutes=minutes)).timestamp() * 1000)


async def read(arcgis, cursor="", layer=LOTS, now=NOW):
    """A whole reading: the keys that came, those that it says are all, and the cursor."""
    came = []
    for _ in range(20):
        news = await read_on(arcgis, layer, cursor, now)
        came += [each.key for each in news.features]
        cursor = news.cursor
        if not news.more:
            return came, {key for each in news.whole for key in each.keys}, cursor
    raise AssertionError("it does not end")


ROWS = [(id, f"{id}00", edited(minutes=600)) for id in range(1, 6)]


async def test_rows_come_by_pages_and_then_only_those_that_were_edited():
    arcgis = ArcGIS(list(ROWS), **EDITS)
    came, every, cursor = await read(arcgis)
    assert came == ["1", "2", "3", "4", "5"]
    assert every == set(came)
    arcgis.rows[1] = (2, "200bis", edited(minutes=1))
    arcgis.rows.pop()
    came, every, cursor = await read(arcgis, cursor)
    assert came == ["2"]  # the others were edited ten hours ago, all at one moment
    assert every == {"1", "2", "3", "4"}
    later = NOW + timedelta(minutes=90)
    assert (await read(arcgis, cursor, now=later))[0] == ["2"]  # once more, for what may have come late beside it
    _, _, cursor = await read(arcgis, cursor, now=later)
    assert (await read(arcgis, cursor, now=later))[0] == []


async def test_what_is_edited_behind_the_pages_that_were_read_is_read_the_next_time():
    arcgis = ArcGIS(list(ROWS), **EDITS)
    news = await read_on(arcgis, LOTS, "", NOW)
    arcgis.rows[0] = (1, "100bis", edited(minutes=-1))  # behind
    arcgis.rows[4] = (5, "500bis", edited(minutes=-60))  # before us, and an hour later
    _, _, cursor = await read(arcgis, news.cursor, now=NOW + timedelta(hours=1))
    came, _, _ = await read(arcgis, cursor, now=NOW + timedelta(hours=2))
    assert came == ["1", "5"]


@pytest.mark.parametrize("about", [{}, EDITS])
async def test_once_a_day_and_without_dates_of_edits_every_row_is_read(about):
    arcgis = ArcGIS(list(ROWS), **about)
    _, _, cursor = await read(arcgis)
    came, _, _ = await read(arcgis, cursor, now=NOW + timedelta(hours=25))
    assert len(came) == 5


async def test_other_settings_begin_anew_and_a_strange_cursor_too():
    arcgis = ArcGIS(list(ROWS), **EDITS)
    _, _, cursor = await read(arcgis)
    other = msgspec.structs.replace(LOTS, facts={"edited": "EDITED"})
    assert len((await read(arcgis, cursor, other))[0]) == 5
    assert place_of("rubbish") == place_of("")


async def test_edit_dates_in_another_time_are_asked_for_with_a_day_to_spare():
    eastern = {"editDateField": "EDITED", "dateFieldsTimeReference": {"timeZone": "Eastern Standard Time"}}
    arcgis = ArcGIS([(1, "100", edited(minutes=600))], editFieldsInfo=eastern)
    _, _, cursor = await read(arcgis)
    await read(arcgis, cursor)
    assert "2026-11-24 14:00:00" in arcgis.asked[-2]["where"]


async def test_a_row_without_a_code_keeps_its_object_id_and_is_told():
    news = await read_on(ArcGIS([(7, None, 0)]), LOTS, "", NOW)
    [feature] = news.features
    assert (feature.key, feature.code, feature.trouble) == ("7", "", "it has no NO")


async def test_an_empty_layer_is_a_mistake_unless_it_may_be():
    with pytest.raises(Later, match="may_be_empty"):
        await read(ArcGIS([]))
    came, every, _ = await read(ArcGIS([]), layer=msgspec.structs.replace(LOTS, may_be_empty=True))
    assert (came, every) == ([], set())


async def test_a_layer_that_cannot_be_read_in_order_is_refused():
    arcgis = ArcGIS(list(ROWS), advancedQueryCapabilities={"supportsOrderBy": False})
    with pytest.raises(Refused, match="in order"):
        await read(arcgis)


async def test_a_server_that_promises_more_and_gives_nothing_is_left_for_later():
    class Endless(ArcGIS):
        def _answer(self, url, asked):
            return super()._answer(url, asked) | (
                {"features": [], "exceededTransferLimit": True} if "orderByFields" in asked else {}
            )

    with pytest.raises(Later, match="gives none"):
        await read(Endless(list(ROWS)))


def test_the_example_of_the_document_is_settings_and_each_layer_a_connector():
    words = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    [example] = [each for each in re.findall(r"```toml\n(.*?)```", words, re.DOTALL) if "gis_arcgis.layers" in each]
    given = tomllib.loads(example)["plugins"]["gis_arcgis"]
    settings = msgspec.convert(given, Settings)
    [connector] = [each for each in plugin.connectors(settings) if each.layers]
    assert (connector.name, connector.layers, connector.towns) == ("arcgis_lots_valclair", ("lots",), ("valclair",))
    assert connector.every == timedelta(minutes=60)


@pytest.mark.parametrize(
    "wrong", [{"name": "Les lots"}, {"url": "sig.example/2"}, {"url": "https://sig.example/MapServer"}]
)
def test_settings_that_cannot_be_right_are_refused(wrong):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "lots", "url": LOTS.url} | wrong, ReadLayer)
