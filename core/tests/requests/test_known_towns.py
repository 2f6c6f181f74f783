"""The folder of a town is gone: it is named, its requests and deliveries wait, and no other town answers for it."""

import re
import shutil
from asyncio import to_thread
from types import ModuleType

import httpx
import pytest
from click.testing import CliRunner

from parvis import clock
from parvis.app import create_app
from parvis.cli import parvis
from parvis.db import counted
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.jurisdictions import JurisdictionError
from parvis.outbox import counts
from parvis.plugins import DiscoveredPlugin
from parvis.requests.history import broken_at
from parvis.requests.links import town_url
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.worker.relay import TOWN_AWAY, Relay
from parvis_sdk.counter import Receipt
from parvis_sdk.events import Submitted
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import on
from parvis_testing.town import HOLE

GONE, STAYS = "rivemont", "parvis"
ITS_ADDRESS, OTHER_ADDRESS = "http://localhost:8000", "http://127.0.0.1:8000"
SAID = {
    "language": "fr",
    "answers": {"danger": False},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}
PLACES = {
    GONE: {"lon": -73.57156, "lat": 45.45610, "address": "504, 5e Avenue"},
    STAYS: {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
}


@pytest.fixture
def settings(tmp_path, database_url) -> Settings:
    shutil.copytree(town_folder(), tmp_path / "towns")
    (tmp_path / "towns" / GONE / "jurisdiction.toml").write_text(
        (town_folder() / GONE / "jurisdiction.toml").read_text("utf-8").replace('plugins = ["reports"]', ""), "utf-8"
    )
    return Settings(
        territory=tmp_path / "towns", secret_key="s" * 40, data=tmp_path, database=database_url, worker=False
    )


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def plugins(heard) -> list[DiscoveredPlugin]:
    module = ModuleType("test_ear")

    @on(Submitted)
    async def ear(event, request):
        heard.append(request.jurisdiction.code)

    @hookimpl
    def request_types():
        return [HOLE]

    @hookimpl
    def subscriptions():
        return [ear]

    module.request_types, module.subscriptions = request_types, subscriptions
    return [DiscoveredPlugin.of("town", module)]


async def test_it_is_named_and_its_requests_and_deliveries_wait_until_its_folder_is_back(settings, plugins, heard):
    async with open_deployment(settings, plugins, serving=True) as opened:
        service = RequestService(opened.host)
        receipts = [
            await service.submit(town, "hole", SAID | {"place": place}, channel="portal")
            for town, place in PLACES.items()
        ]
        assert all(isinstance(each, Receipt) for each in receipts), receipts
    (settings.territory / GONE).rename(settings.data / "elsewhere")
    async with open_deployment(settings, plugins, serving=True) as opened:
        [mistake] = [each for each in opened.to_mend if each.key == GONE]
        assert "the folder of Ville de Rivemont is missing: 1 requests wait" in mistake.line()
        await Relay(opened.host).drain()
        assert heard == [STAYS]
        assert (await counts()).dead == 0
    (settings.data / "elsewhere").rename(settings.territory / GONE)
    async with open_deployment(settings, plugins, serving=True) as opened:
        assert not opened.jurisdictions.away
        with clock.moved_to(clock.now() + TOWN_AWAY * 2):
            await Relay(opened.host).drain()
        record = await find(opened.host, receipts[0].reference)
        assert await broken_at(record) is None
        assert heard == [STAYS, GONE]


async def test_a_start_that_finds_nothing_wrong_counts_no_requests(settings, plugins):
    async with open_deployment(settings, plugins, serving=True):
        pass
    with counted() as asked:
        async with open_deployment(settings, plugins, serving=True):
            pass
    of_all = [sql for sql in asked.statements if "COUNT(*)" in sql and "FROM service_request GROUP BY" in sql]
    assert not of_all, of_all


async def test_no_other_town_answers_at_its_address(settings, plugins):
    async with open_deployment(settings, plugins, serving=True):
        pass
    shutil.rmtree(settings.territory / GONE)
    app = create_app(settings, plugins)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with app.lifespan(), httpx.AsyncClient(transport=transport) as http:
        away = await http.get(f"{ITS_ADDRESS}/fr/")
        assert (away.status_code, "Rivemont" in away.text) == (503, True)
        assert (await http.get(f"{ITS_ADDRESS}/api/v1/request-types")).status_code == 503
        assert (await http.get(f"{OTHER_ADDRESS}/fr/")).status_code == 200
        assert (await http.get(f"{OTHER_ADDRESS}/health/ready")).status_code == 200
        health = await http.get(f"{OTHER_ADDRESS}/health")
        assert (health.status_code, health.json()["towns"]) == (503, {"missing": [GONE]})


@pytest.mark.parametrize("named", ["", f'default = "{STAYS}"'])
@pytest.mark.parametrize("empty", [False, True])
async def test_no_other_town_becomes_the_default_while_it_is_away(settings, plugins, named, empty):
    """`parvis` is the first by its code, so the default also where no file says so; it claims no host."""
    file = settings.territory / STAYS / "jurisdiction.toml"
    file.write_text(re.sub("(?m)^hosts = .*$", "", file.read_text("utf-8")), "utf-8")
    (settings.territory / "territory.toml").unlink()
    if named:
        (settings.territory / "territory.toml").write_text(named, "utf-8")
    async with open_deployment(settings, plugins, serving=True):
        pass
    shutil.rmtree(settings.territory / STAYS)
    if empty:
        (settings.territory / STAYS).mkdir()
    for _ in range(2):  # a second start knows no other default either
        app = create_app(settings, plugins)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with app.lifespan(), httpx.AsyncClient(transport=transport) as http:
            away = await http.get(f"{OTHER_ADDRESS}/fr/")
            assert (away.status_code, "Parvis" in away.text) == (503, True)
            assert (await http.get(f"{OTHER_ADDRESS}/health/ready")).status_code == 200
            assert (await http.get(f"{ITS_ADDRESS}/fr/")).status_code == 200
            host = app.state.deployment.host
            assert town_url(host, host.jurisdictions.jurisdiction(GONE)) != settings.address.rstrip("/")


async def test_a_default_that_was_never_served_is_a_mistake(settings, plugins):
    (settings.territory / "territory.toml").write_text('default = "parvsi"', "utf-8")
    with pytest.raises(JurisdictionError, match="did you mean 'parvis'"):
        async with open_deployment(settings, plugins, serving=True):
            pass


async def test_another_default_that_is_named_and_there_takes_its_place(settings, plugins):
    async with open_deployment(settings, plugins, serving=True):
        pass
    (settings.territory / STAYS).rename(settings.data / "elsewhere")
    (settings.territory / "territory.toml").write_text(f'default = "{GONE}"', "utf-8")
    async with open_deployment(settings, plugins, serving=True) as opened:
        assert opened.jurisdictions.by_default == GONE
    (settings.territory / "territory.toml").unlink()
    async with open_deployment(settings, plugins, serving=True) as opened:
        assert opened.jurisdictions.by_default == GONE


@pytest.fixture
def said(settings, monkeypatch):
    """What a command says, and how it ends."""
    for name in ("territory", "secret_key", "data", "database"):
        monkeypatch.setenv(f"PARVIS_{name.upper()}", str(getattr(settings, name)))

    async def invoke(*words):
        return await to_thread(CliRunner().invoke, parvis, words)

    return invoke


async def test_the_command_settings_names_it(settings, plugins, said):
    async with open_deployment(settings, plugins, serving=True):
        pass
    shutil.rmtree(settings.territory / GONE)
    told = await said("settings")
    assert told.exit_code == 1
    assert "the folder of Ville de Rivemont is missing" in told.output


async def test_one_that_has_left_for_good_is_missed_no_more_and_known_again_when_it_is_back(settings, plugins, said):
    async with open_deployment(settings, plugins, serving=True):
        pass
    assert (await said("migrate")).exit_code == 0
    assert "is served here" in str((await said("towns", "forget", GONE, "--reason", "by mistake")).exception)
    (settings.territory / GONE).rename(settings.data / "elsewhere")
    assert "parvis towns forget rivemont" in (await said("settings")).output
    assert "no town rivmont is missing here" in str(
        (await said("towns", "forget", "rivmont", "--reason", "r")).exception
    )
    told = await said("towns", "forget", GONE, "--reason", "merged with its neighbour")
    assert (told.exit_code, "its 0 requests stay" in told.output) == (0, True), told.output
    async with open_deployment(settings, plugins, serving=True) as opened:
        assert not opened.jurisdictions.away
    (settings.data / "elsewhere").rename(settings.territory / GONE)
    async with open_deployment(settings, plugins, serving=True):
        pass
    shutil.rmtree(settings.territory / GONE)
    async with open_deployment(settings, plugins) as opened:
        assert [*opened.jurisdictions.away] == [GONE]


async def test_a_command_that_is_given_other_towns_notes_none(settings, plugins):
    async with open_deployment(settings, plugins):
        pass
    shutil.rmtree(settings.territory / GONE)
    async with open_deployment(settings, plugins) as opened:
        assert not opened.jurisdictions.away
