"""The demonstration's road crews, told by the real plugin: away and well again, nothing is lost and nothing doubled."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.worker import Limits, Relay
from parvis_connectors.exchanges import exchanges_of
from parvis_connectors.standing import standings
from parvis_demo.crews.connecting import CONNECTOR, connected, road_crews, tell_of_some
from parvis_testing.modules import switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
REQUESTS = 3
RAW = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "anonymous"},
}


@pytest.fixture
def crews(tmp_path):
    with road_crews(tmp_path) as crews:
        yield crews


@pytest.fixture
async def deployment(database_url, tmp_path, crews):
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path,
        database=database_url,
        demo=True,
        plugins={"notify": {"mode": "mailbox"}},
    )
    async with open_deployment(connected(settings, tmp_path, crews), migrating=True, environ={}) as deployment:
        await switch(deployment.host, "on")
        yield deployment


async def stands(deployment):
    [standing] = [each for each in await standings(deployment.host) if each.connector.name == CONNECTOR]
    return standing


async def work(deployment):
    await Relay(deployment.host, Limits(seconds=10), luck=lambda: 0.0).drain()


async def report(deployment):
    receipt = await RequestService(deployment.host).submit("parvis", "pothole", RAW, channel="portal")
    return receipt.reference


@pytest.mark.parametrize("weather", ["away", "busy", "failing"])
async def test_what_waited_in_bad_weather_arrives_once_in_order_when_it_is_well_again(deployment, crews, weather):
    crews.become(weather)
    now, references = clock.now(), []
    with clock.moved_to(now) as moved:
        for _ in range(REQUESTS):
            references.append(await report(deployment))
            await work(deployment)
        await make_move(deployment.host, references[0], "start", {}, actor=ANA, mover="agent")
        for minutes in (1, 2):
            moved.to(now + timedelta(minutes=minutes))
            await work(deployment)
        away = await stands(deployment)
        assert (away.weather, away.waiting + away.postponed >= REQUESTS + 1, away.dead) == ("resting", True, 0)
        assert len(await exchanges_of(connector=CONNECTOR)) >= 5
        assert crews.book.kept.arrivals == ()
        crews.become("well")
        for seconds in range(160, 280, 30):  # the crews have a clock of their own, and believe one that is close
            moved.to(now + timedelta(seconds=seconds))
            await work(deployment)
        well = await stands(deployment)
        assert (well.weather, well.waiting, well.postponed, well.dead) == ("well", 0, 0, 0)
    arrived = crews.book.kept.arrivals
    first = [(each.what, each.number) for each in arrived if each.reference == references[0]]
    assert first[:2] == [("request.submitted", 1), ("request.moved", 2)]
    assert {each.reference for each in arrived} == set(references)
    assert all(each.signed and each.in_order and each.repeats == 0 for each in arrived)


async def test_what_was_taken_and_never_answered_comes_again_and_is_dropped(deployment, crews):
    crews.become("hanging")
    now = clock.now()
    with clock.moved_to(now) as moved:
        reference = await report(deployment)
        await work(deployment)
        [taken] = crews.book.kept.arrivals
        assert (await stands(deployment)).postponed > 0
        crews.become("well")
        moved.to(now + timedelta(minutes=1))
        await work(deployment)
    again, *more = crews.book.kept.arrivals
    assert (again.id, again.reference, again.repeats) == (taken.id, reference, 1)
    assert len({each.id for each in (again, *more)}) == 1 + len(more)


async def test_they_are_told_of_the_latest_requests_on_order(deployment, crews):
    reference = await report(deployment)
    await work(deployment)
    assert await tell_of_some(deployment.host) == 1
    await work(deployment)
    assert crews.book.kept.arrivals[-1].what == "request.resent"
    assert {each.reference for each in crews.book.kept.arrivals} == {reference}


async def test_endpoints_of_the_town_stay_beside_them(tmp_path, crews):
    theirs = {"name": "observatory", "url": "https://observatory.example/parvis", "secret_file": "/run/secrets/it"}
    settings = Settings(territory=town_folder(), secret_key="s" * 40, plugins={"webhooks": {"endpoints": [theirs]}})
    told = connected(settings, tmp_path, crews)
    assert [each["name"] for each in told.plugins["webhooks"]["endpoints"]] == ["observatory", "crews"]
    assert told.outgoing.private == ("127.0.0.1/32",)
    assert settings.outgoing.private == ()
