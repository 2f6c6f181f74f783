"""Where the module is off, events are delivered all the same, and nothing is read, kept or lost."""

import asyncio

import pytest

from parvis.beside_worker import WorkerRound
from parvis.jurisdictions.layers import known_of
from parvis.outbox import listing
from parvis.outbox.operating import pause
from parvis.requests.actors import SYSTEM
from parvis.requests.keeping.retention import erase
from parvis.requests.module_use import warnings_of
from parvis.worker import loop
from parvis.worker.chores import chores_of, due_somewhere
from parvis_alerts.telling import matters
from parvis_connectors import polling
from parvis_connectors.exchanges import exchanges_of
from parvis_connectors.polling import poll_now, poll_until, readings
from parvis_connectors.renewing import LayerRenewal
from parvis_connectors.switched import read_here
from parvis_connectors.unmatched_updates import match, strays, take
from parvis_sdk.connectors import Feature, News, Whole
from parvis_sdk.requests import Place
from parvis_testing.modules import switch


async def test_what_happens_is_delivered_and_no_call_is_kept(make_town, connector, other):
    town = make_town(connector())
    await switch(town.host, "off", "connectors")
    await town.submit()
    await town.relay().drain()
    [line] = await listing(("done",), subscriber="connector:orders")
    assert len(other.asked) == 1
    assert await exchanges_of(delivery=line.id) == ()
    await switch(town.host, "on", "connectors")
    await town.submit()
    await town.relay().drain()
    assert len(await exchanges_of(connector="orders")) == 1


async def test_nobody_is_asked_until_it_is_on_again_and_reading_goes_on_from_there(
    make_town, connector, telling, news, monkeypatch
):
    monkeypatch.setattr(polling, "REST", 0.02)
    town = make_town(connector(changes=telling((news("1", external_reference="WO-1"),))))
    await switch(town.host, "off", "connectors")
    assert read_here(town.host) == ()
    stopping = asyncio.Event()
    round_of_polls = asyncio.create_task(poll_until(town.host, "one", stopping))
    await asyncio.sleep(0.2)
    assert await readings() == {}
    await switch(town.host, "on", "connectors")
    async with asyncio.timeout(10):
        while not await strays():
            await asyncio.sleep(0.02)
    stopping.set()
    await round_of_polls


async def test_one_town_that_has_it_is_enough_and_a_connector_of_another_one_rests(make_town, connector, telling):
    town = make_town(connector(changes=telling()), connector(name="elsewhere", changes=telling(), towns=("rivemont",)))
    await switch(town.host, "off", "connectors")
    await switch(town.host, "on", "connectors", town="parvis")
    assert [each.name for each in read_here(town.host)] == ["orders"]


async def test_what_is_kept_goes_at_its_time_all_the_same(make_town, connector):
    town = make_town(connector())
    await switch(town.host, "off", "connectors")
    assert {"exchanges", "layers"} <= {each.name for each in due_somewhere(town.host, chores_of(town.host))}


async def test_a_paused_connector_is_told_with_the_page_that_there_is(make_town, connector):
    town = make_town(connector())
    await pause(town.host.engine, "orders", "they move")
    assert [each.page for each in await matters(town.host) if each.key == "paused:connector:orders"] == [
        "connecteurs/orders"
    ]
    await switch(town.host, "off", "connectors")
    assert [each.page for each in await matters(town.host) if each.key == "paused:connector:orders"] == ["circuits"]


async def test_news_that_was_matched_loses_its_words_with_the_request(make_town, connector, news):
    town = make_town(connector())
    reference = (await town.submit()).reference
    await take(town.host, town.connector(), news("1", external_reference="WO-9"))
    [found] = await strays()
    assert await match(town.host, found.id, reference, "Ana") == "taken"
    await erase(town.host, reference, actor=SYSTEM)
    [kept] = await strays("matched")
    assert (kept.reference, kept.update.note, kept.update.key) == (reference, None, "")


async def test_rounds_of_a_module_that_break_off_are_begun_again(make_town, connector, monkeypatch):
    monkeypatch.setattr(loop, "AGAIN", 0.01)
    town, stopping, begun = make_town(connector()), asyncio.Event(), []

    async def run(host, worker, until):
        begun.append(worker)
        if len(begun) < 3:
            raise ValueError("it broke")
        stopping.set()

    async with asyncio.timeout(5):
        await loop.make_rounds(town.host, WorkerRound(run=run), "one", stopping)
    assert begun == ["one"] * 3


@pytest.mark.parametrize("is_on", [True, False])
async def test_a_layer_is_used_where_the_module_is_on(make_town, connector, is_on):

    ring = [[-73.6, 45.5], [-73.5, 45.5], [-73.5, 45.6], [-73.6, 45.6], [-73.6, 45.5]]
    lot = Feature(
        layer="lots", key="1", code="1", geometry={"type": "Polygon", "coordinates": [ring]}, facts={"use": "park"}
    )

    async def changes(connection, cursor):
        return News(features=(lot,), whole=(Whole(layer="lots", keys=frozenset({"1"})),), cursor="1")

    town = make_town(connector(changes=changes, layers=("lots",)))
    renewing = LayerRenewal(town.host.jurisdictions.by_code)
    before = dict(town.host.jurisdictions.by_code)
    try:
        await poll_now(town.host, town.connector(), "one")
        await renewing.look(town.host)
        if not is_on:
            await switch(town.host, "off", "connectors")
            assert await renewing.look(town.host)
        here = town.host.jurisdictions.by_code["parvis"]
        known = known_of(here, Place(lon=-73.55, lat=45.55))
        assert known.get("lots") == ({"use": "park"} if is_on else None)
    finally:
        town.host.jurisdictions.by_code.update(before)


async def test_whoever_switches_it_off_reads_what_is_not_read_any_more(make_town, connector, telling, news):
    town = make_town(connector(changes=telling(), layers=("lots",)))
    here = town.host.jurisdictions.jurisdiction("parvis")
    await take(town.host, town.connector(), news("1", external_reference="WO-1"))
    assert await warnings_of(town.host, here, "connectors", "on") == ()
    [layers] = await warnings_of(town.host, here, "connectors", "off")  # another town goes on reading
    assert "lots" in layers.fr
    await switch(town.host, "off", "connectors")
    assert await warnings_of(town.host, here, "connectors", "off") == ()
    await switch(town.host, "on", "connectors", town="parvis")
    unread, waiting, layers = await warnings_of(town.host, here, "connectors", "off")
    assert "Bons de travail" in unread.fr
    assert "Work orders" in unread.to("en")
    assert waiting.to("en").endswith(": 1.")
