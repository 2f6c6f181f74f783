"""Those whom the settings name are written to when something needs a person, once a day, and when it is over."""

from datetime import timedelta

from parvis import clock
from parvis.deployment import compose
from parvis.example_towns import town_folder
from parvis.modules import NO_MODULES
from parvis.outbox import heartbeat, listing, revive
from parvis.outbox.clock_watch import ClockWatch
from parvis.sections import OutgoingSettings
from parvis.settings import Settings
from parvis_alerts.telling import matters, tell_of_what_lasts
from parvis_testing.alerts import later, mails


async def test_deliveries_given_up_are_told_once_a_day_and_their_end_too(alerted, other):
    town = alerted()
    other.answer = lambda asked: (422, b"no such street")
    await town.submit()
    await town.relay().drain()
    [mail] = await later(town.host)
    assert mail["subject"] == "Parvis\u00a0: quelqu’un doit y voir / somebody is needed"
    french, english = mail["text"].split("-- ")
    assert "Bons de travail\u00a0: 1 livraison abandonnée" in french
    assert "http://127.0.0.1:8000/exploitation/livraisons?etat=dead&abonne=connector:orders" in french
    assert "Work orders: 1 delivery given up" in english
    assert "no such street" not in mail["text"]
    assert len(await later(town.host, hours=23)) == 1
    assert len(await later(town.host, hours=25)) == 2
    [dead] = await listing(["dead"])
    await revive(town.host.engine, dead.id)
    *_, over = await later(town.host, hours=26)
    assert over["subject"] == "Parvis\u00a0: c’est réglé / it is over"
    assert "Bons de travail" in over["text"]
    assert len(await later(town.host, hours=27)) == 3


async def test_a_system_that_is_away_is_told_after_an_hour(alerted, other):
    town = alerted()
    other.answer = lambda asked: (503, b"")
    for _ in range(5):
        await town.submit()
    await town.relay().drain()
    assert await later(town.host) == []
    assert await later(town.host, minutes=50) == []
    [mail] = await later(town.host, minutes=61)
    assert "Bons de travail\u00a0: ne répond pas" in mail["text"]


async def test_a_system_that_came_back_within_the_hour_is_never_told(alerted, other):
    town = alerted()
    other.answer = lambda asked: (503, b"")
    for _ in range(5):
        await town.submit()
    await town.relay().drain()
    assert await later(town.host) == []
    other.answer = lambda asked: (200, {"number": f"WO-{len(other.asked)}"})
    with clock.moved_to(clock.now() + timedelta(minutes=30)):
        await town.relay().drain()
        await tell_of_what_lasts(town.host)
    assert await later(town.host, minutes=90) == []


async def test_a_heartbeat_that_nobody_carries_is_told(alerted):
    town = alerted()
    await heartbeat.beat(town.host.engine)
    assert await later(town.host, minutes=1) == []
    assert await later(town.host, minutes=14) == []
    [mail] = await later(town.host, minutes=17)
    assert "Signal de vie" in mail["text"]
    with clock.moved_to(clock.now() + timedelta(minutes=18)):
        await town.relay().drain()
    assert "c’est réglé" in (await later(town.host, minutes=19))[-1]["subject"]


async def test_nobody_is_written_to_where_the_settings_name_nobody(make_town, connector, other):
    town = make_town(connector())
    other.answer = lambda asked: (422, b"")
    await town.submit()
    await town.relay().drain()
    assert await tell_of_what_lasts(town.host) == 1
    assert await mails() == []


async def test_a_clock_in_doubt_is_told_and_one_that_only_stood_for_a_night_is_not(alerted):
    engine, at, host = (town := alerted()).host.engine, clock.now(), town.host
    assert await ClockWatch(engine, "before the night").look() is None
    with clock.moved_to(at + timedelta(hours=11)):
        assert await ClockWatch(engine, "after the night").look() is not None
        assert "clock" not in {each.key for each in await matters(host)}  # it listens, and nobody need be woken
    with clock.moved_to(at + timedelta(days=6 * 365)):
        await ClockWatch(engine, "years ahead").look()
        assert "clock" in {each.key for each in await matters(host)}


def test_addresses_to_alert_are_told_where_nobody_writes_to_them(tmp_path, modules):
    settings = Settings(
        territory=town_folder(),
        secret_key="s" * 40,
        data=tmp_path,
        outgoing=OutgoingSettings(alerts=("a@ville.example",)),
    )
    ends = {each.key for each in compose(settings, [], {}, NO_MODULES).loose_ends}
    assert "outgoing.alerts" in ends - {each.key for each in compose(settings, [], {}, modules).loose_ends}
