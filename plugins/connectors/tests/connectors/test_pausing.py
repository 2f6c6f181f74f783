"""A connector that is paused gets nothing and loses nothing: by a person, or after days of nothing but failures."""

import asyncio
from datetime import timedelta

import pytest
from click.testing import CliRunner

from parvis import clock
from parvis.cli import outbox
from parvis.db import transaction
from parvis.outbox import circuits, counts, listing, revive
from parvis.outbox.circuits import OUTSIDE
from parvis.outbox.operating import pause, resume
from parvis.requests.lifecycle import make_move
from parvis.troubles import only_words
from parvis_connectors import commands
from parvis_connectors.standing import standings
from parvis_sdk.errors import Later, Refused
from parvis_testing.town import ANA


async def standing_of(town):
    (standing,) = await standings(town.host)
    return standing


class Moody:
    """A connector that is away while it is told to be."""

    def __init__(self):
        self.told = []
        self.mood = None

    async def deliver(self, event, request, connection):
        if self.mood is not None:
            raise self.mood
        self.told.append(type(event).__name__)


@pytest.fixture
def moody():
    return Moody()


async def fail_for(town, moved, **time):
    """Time passes, hour by hour, with the worker at work."""
    end = clock.now() + timedelta(**time)
    while clock.now() < end:
        moved.forward(seconds=3600)
        await town.relay().drain()


async def test_what_is_paused_gets_nothing_and_everything_in_order_once_resumed(make_town, connector, moody):
    town = make_town(connector(moody.deliver))
    reference = (await town.submit()).reference
    assert await pause(town.host.engine, "orders", "they move to another server")
    assert not await pause(town.host.engine, "orders", "again")
    assert await town.relay().drain() == 0
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    assert await town.relay().drain() == 0
    standing = await standing_of(town)
    assert (standing.weather, standing.waiting, standing.needs_somebody) == ("paused", 2, True)
    assert standing.paused_why == "they move to another server"
    assert await resume(town.host.engine, "orders") == 0
    assert await resume(town.host.engine, "orders") is None
    await town.relay().drain()
    assert moody.told == ["Submitted", "Moved"]
    assert (await standing_of(town)).weather == "well"


async def test_days_of_nothing_but_failures_pause_it_and_what_was_given_up_meanwhile_comes_back(
    make_town, connector, moody
):
    with clock.moved_to(clock.now()) as moved:
        moody.mood = Later("it is away")
        town = make_town(connector(moody.deliver))
        await town.submit()
        await fail_for(town, moved, days=4)
        assert (await counts()).dead == 1  # three days of patience are over
        assert (await standing_of(town)).paused_since is None
        await town.submit()
        await fail_for(town, moved, days=1, hours=2)
        standing = await standing_of(town)
        assert (standing.weather, standing.paused_why) == ("paused", "")
        assert clock.now() - standing.failing_since > timedelta(days=5)
        before = await counts()
        assert (before.dead, before.postponed) == (1, 1)
        await fail_for(town, moved, days=6)
        assert await counts() == before
        moody.mood = None
        assert await resume(town.host.engine, "orders") == 1
        await town.relay().drain()
        assert moody.told == ["Submitted", "Submitted"]
        assert (await counts()).done == 2


async def test_what_was_refused_is_not_tried_again_when_it_is_resumed(make_town, connector, moody):
    moody.mood = Refused("no such layer")
    town = make_town(connector(moody.deliver))
    await town.submit()
    await town.relay().drain()
    await pause(town.host.engine, "orders", "x")
    assert await resume(town.host.engine, "orders") == 0
    assert [line.state for line in await listing(("dead",))] == ["dead"]


async def test_one_success_begins_the_days_anew(make_town, connector, moody):
    with clock.moved_to(clock.now()) as moved:
        town = make_town(connector(moody.deliver))
        moody.mood = Later("away")
        await town.submit()
        await fail_for(town, moved, days=2)
        moody.mood = None
        await fail_for(town, moved, hours=2)
        assert moody.told == ["Submitted"]
        moved.forward(days=10)
        moody.mood = Later("away")
        await town.submit()
        await town.relay().drain()
        assert (await standing_of(town)).weather == "failing"


async def test_a_delivery_that_is_revived_by_hand_does_not_begin_the_days_anew(make_town, connector, moody):
    with clock.moved_to(clock.now()) as moved:
        moody.mood = Later("away")
        town = make_town(connector(moody.deliver))
        await town.submit()
        await fail_for(town, moved, days=2)
        (line,) = await listing(("postponed",))
        await revive(town.host.engine, line.id)
        await fail_for(town, moved, days=3, hours=2)
        assert (await standing_of(town)).weather == "paused"


async def test_a_success_after_a_revival_is_one(make_town, connector, moody):
    with clock.moved_to(clock.now()) as moved:
        moody.mood = Later("away")
        town = make_town(connector(moody.deliver))
        await town.submit()
        await town.relay().drain()
        (line,) = await listing(("postponed",))
        await revive(town.host.engine, line.id)
        moody.mood = None
        await town.relay().drain()
        moved.forward(days=6)
        moody.mood = Later("away")
        await town.submit()
        await town.relay().drain()
        assert (await standing_of(town)).weather == "failing"


async def test_others_go_on(make_town, connector, moody):
    town = make_town(connector(moody.deliver), connector(moody.deliver, name="invoices"))
    await pause(town.host.engine, "orders", "x")
    await town.submit()
    await town.relay().drain()
    assert moody.told == ["Submitted"]
    assert {each.connector.name: each.weather for each in await standings(town.host)} == {
        "invoices": "well",
        "orders": "paused",
    }


async def test_only_connectors_are_paused_by_themselves(make_town, connector, moody):
    with clock.moved_to(clock.now()) as moved:
        town = make_town(connector(moody.deliver))
        async with transaction(town.host.engine):
            await circuits.failed(town.host.engine, "notify.tell", only_words("away"))
        moved.forward(days=9)
        async with transaction(town.host.engine):
            await circuits.failed(town.host.engine, "notify.tell", only_words("away"))
        assert await circuits.pauses() == {}
        assert OUTSIDE.tries == 80  # what `resume` takes for the end of patience


async def test_the_commands(make_town, connector, moody, monkeypatch):
    town = make_town(connector(moody.deliver))

    class Host:
        host, plugins = town.host, town.host.plugins

    loop = asyncio.get_running_loop()
    for each in (commands, outbox):
        monkeypatch.setattr(each, "read", lambda file: None)
        monkeypatch.setattr(
            each, "with_deployment", lambda settings, do: asyncio.run_coroutine_threadsafe(do(Host), loop).result()
        )

    async def run(*words):
        return await asyncio.to_thread(CliRunner().invoke, commands.connectors, words)

    assert (await run("pause", "orders", "--reason", "they move")).output == "paused\n"
    assert (await run("pause", "orders", "--reason", "they move")).output == "it was already paused\n"
    listed = (await run("list")).output
    assert "orders" in listed
    assert "paused since" in listed
    assert "they move" in listed
    assert (await run("resume", "orders")).output == "resumed; 0 abandoned deliveries will be retried\n"
    again = await run("resume", "orders")
    assert (again.exit_code, "it is not paused" in again.output) == (1, True)
