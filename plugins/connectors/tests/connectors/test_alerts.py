"""Those whom the settings name hear of news that nobody could place, and of systems that not responding."""

from parvis.outbox.operating import pause, resume
from parvis_connectors import alerting, unmatched_updates
from parvis_connectors.polling import poll_now
from parvis_connectors.unmatched_updates import take
from parvis_sdk.errors import Later
from parvis_testing.alerts import later, mails
from parvis_testing.modules import switch


async def test_what_comes_and_goes_is_told_once_that_day(alerted, news):
    town = alerted()
    for key in ("1", "2", "3"):
        await take(town.host, town.connector(), news(key, external_reference="WO-1"))
        await later(town.host)
        [stray] = await unmatched_updates.strays()
        await unmatched_updates.drop(town.host, stray.id, "Ana", "made there")
        await later(town.host)
    assert [each["subject"].partition(" / ")[2] for each in await mails()] == ["somebody is needed", "it is over"]


async def test_a_connector_that_is_paused_is_told_and_so_is_its_end(alerted):
    town = alerted()
    await pause(town.host.engine, "orders", "they move")
    [mail] = await later(town.host)
    assert (
        "Bons de travail\u00a0: en pause, aucune livraison ne lui est faite avant une reprise manuelle" in mail["text"]
    )
    assert "http://127.0.0.1:8000/exploitation/connecteurs/orders" in mail["text"]
    await resume(town.host.engine, "orders")
    *_, over = await later(town.host, hours=1)
    assert "c’est réglé" in over["subject"]


async def test_what_nobody_could_look_at_is_not_told_as_over(alerted, news, monkeypatch):
    town = alerted()
    await take(town.host, town.connector(), news("1", external_reference="WO-1"))
    assert len(await later(town.host)) == 1

    async def broken():
        raise ValueError("not now")

    monkeypatch.setattr(alerting, "count_open", broken)
    assert len(await later(town.host, minutes=5)) == 1
    monkeypatch.undo()
    assert len(await later(town.host, minutes=10)) == 1


async def test_nothing_is_told_as_over_where_the_module_is_off_and_its_end_is_once_it_is_on_again(alerted, news):
    town = alerted()
    await take(town.host, town.connector(), news("1", external_reference="WO-1"))
    assert len(await later(town.host)) == 1
    await switch(town.host, "off", "connectors")
    assert len(await later(town.host, minutes=5)) == 1
    assert len(await later(town.host, hours=30)) == 1
    await switch(town.host, "on", "connectors")
    assert len(await later(town.host, hours=31)) == 2  # still there, told a day ago
    [stray] = await unmatched_updates.strays()
    await unmatched_updates.drop(town.host, stray.id, "Ana", "made there")
    *_, over = await later(town.host, hours=32)
    assert over["subject"].endswith("it is over")


async def test_a_matter_of_the_core_is_over_although_the_module_is_off(alerted):
    town = alerted()
    await pause(town.host.engine, "orders", "they move")
    assert len(await later(town.host)) == 1
    await switch(town.host, "off", "connectors")
    assert len(await later(town.host, minutes=5)) == 1
    await resume(town.host.engine, "orders")
    *_, over = await later(town.host, minutes=10)
    assert over["subject"].endswith("it is over")


async def test_a_system_that_no_town_asks_any_more_is_neither_told_of_nor_said_to_be_over(alerted, news):
    async def changes(connection, cursor):
        raise Later("away")

    town = alerted(changes=changes, towns=("parvis",))
    await poll_now(town.host, town.connector(), "one")
    await take(town.host, town.connector(), news("1", external_reference="WO-1"))
    await later(town.host)
    told = await later(town.host, minutes=61)
    assert [("non rattachées" in each["text"], "aucune réponse" in each["text"]) for each in told] == [
        (True, False),
        (False, True),
    ]
    await switch(town.host, "off", "connectors", town="parvis")  # another town goes on
    for hours in (2, 30, 60):
        assert await later(town.host, hours=hours) == told
    await switch(town.host, "on", "connectors", town="parvis")
    *_, again = await later(town.host, hours=61)
    assert "non rattachées" in again["text"]
    assert "aucune réponse" in again["text"]


async def test_news_that_cannot_be_fetched_is_told_after_an_hour(alerted):
    async def changes(connection, cursor):
        raise Later("away")

    town = alerted(changes=changes)
    await poll_now(town.host, town.connector(), "one")
    assert await later(town.host) == []
    [mail] = await later(town.host, minutes=61)
    assert "aucune réponse depuis" in mail["text"]
