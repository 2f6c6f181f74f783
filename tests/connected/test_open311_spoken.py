"""A town that files with the next town: two installations of Parvis, the other one a process of its own on a port."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from parvis import clock
from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.outbox import listing
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.history import entries_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.sections import OutgoingSettings
from parvis.worker import Limits, Relay
from parvis_connectors.calls import check
from parvis_connectors.polling import poll_now, readings
from parvis_open311_connector import client
from parvis_sdk.calling import called
from parvis_sdk.errors import Later
from parvis_testing.jurisdictions import example_towns

COUNTERPARTS = Path(__file__).parents[1] / "counterparts"
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
RAW = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}
SERVICE = {
    "to": "pothole",
    "types": ["pothole"],
    "columns": {
        "attribute[size]": "answers.size",
        "attribute[surface]": "answers.surface",
        "attribute[danger]": {"source": "answers.danger", "codes": {"true": "yes", "false": "no"}},
    },
    "moves": {"closed": "resolve"},
    "given": {"closed": {"reason": "{words}"}},
}


@pytest.fixture
async def make_here(database, reading, tmp_path):
    """Makes the host of the town that files with an endpoint."""
    opened = []

    def make(url, key, **given):
        neighbour = {
            "name": "rivemont",
            "title": {"fr": "Ville de Rivemont", "en": "City of Rivemont"},
            "url": url,
            "services": [SERVICE],
            **given,
        }
        found, troubles = find_plugins({})
        environ = {"PARVIS_OPEN311_CONNECTOR_KEYS": msgspec.json.encode({"rivemont": key}).decode()}
        settings = settings_from({"open311_connector": {"neighbours": [neighbour]}}, environ)
        opened.append(Clients(OutgoingSettings(private=("127.0.0.0/8",))))
        return Host(
            engine=database,
            jurisdictions=example_towns(),
            plugins=load_plugins(found, settings, troubles),
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
            modules=reading,
        ).having(opened[-1])

    yield make
    for each in opened:
        await each.close()


@pytest.fixture
def here(make_here, next_town):
    """The host of the town that files with the next one."""
    return make_here(f"{next_town.address}/open311/v2", next_town.key, jurisdiction_id="parvis", tells=["moved"])


async def posted(address, call, **sent):
    async with httpx.AsyncClient() as http:
        return (await http.post(f"{address}/{call}", data=sent)).json()


async def work(host):
    await Relay(host, Limits(seconds=60), luck=lambda: 0.0).drain()


async def hear(host):
    """Ask how things stand there."""
    came = await poll_now(host, host.plugins.connectors["rivemont"], "w")
    assert (await readings())["rivemont"].trouble is None
    return came


async def report(host):
    receipt = await RequestService(host).submit("parvis", "pothole", RAW, channel="portal")
    return receipt.reference


async def notes_of(host, reference):
    entries = await entries_of(await find(host, reference))
    return [str(each.personal) for each in entries if each.kind == "external"]


async def test_what_the_next_town_answers_for_is_filed_there_and_its_state_comes_back(here, next_town):
    reference = await report(here)
    await work(here)
    number = (await find(here, reference)).external_references["rivemont"]
    (there,) = await next_town.asked(f"requests/{number}.json?extensions=true")
    assert (there["status"], there["service_code"], there["lat"]) == ("open", "pothole", 45.5236)
    assert {"code": "size", "value": "Grand"} in there["attributes"] or there["attributes"]
    assert await hear(here) <= 1
    await next_town.moves(number, "start")
    await next_town.moves(number, "resolve", reason="Bouché à chaud")
    await next_town.moves(number, "close")
    assert await hear(here) == 1
    assert (await find(here, reference)).state == "resolved"
    assert "Rivemont" in (await notes_of(here, reference))[-1]
    assert await hear(here) == 0


async def test_an_answer_that_was_lost_files_nothing_twice_and_both_desks_know_both_numbers(
    here, next_town, monkeypatch
):
    lost = []

    async def dies_after_the_post(http, method, url, **sent):
        answer = await called(http, method, url, **sent)
        if method == "POST" and not lost:
            lost.append(answer.json()[0]["service_request_id"])
            raise Later("killed between the report and its answer")
        return answer

    monkeypatch.setattr(client, "called", dies_after_the_post)
    reference = await report(here)
    await work(here)
    assert (await find(here, reference)).external_references == {}
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        await work(here)
    number = (await find(here, reference)).external_references["rivemont"]
    assert lost == [number]
    assert len(await next_town.asked("requests.json")) == 1
    assert (await next_town.shown(number))["external_references"] == {"open311:Ville A": reference}


async def test_a_next_town_that_is_dead_loses_nothing(here, next_town):
    await next_town.end()
    reference = await report(here)
    await work(here)
    assert (await find(here, reference)).external_references == {}
    (waits,) = await listing(("postponed",), subscriber="connector:rivemont")
    assert "cannot be reached" in str(waits.trouble)  # what operators read
    await next_town.serve()
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        await work(here)
    assert "rivemont" in (await find(here, reference)).external_references


MANNERS = (
    {},
    {"xml_only": True, "zones": False},
    {"numbers": True, "lists": False},
    {"tokens": True, "descriptions": False},
)


@pytest.mark.parametrize("manners", MANNERS, ids=lambda each: "+".join(each) or "plain")
async def test_servers_of_others_are_spoken_to_by_their_manners(make_here, stand_in, manners):
    address = await stand_in(**manners)
    here = make_here(address, "a-key", format="xml" if manners.get("xml_only") else "json", tells=["moved"])
    connector = here.plugins.connectors["rivemont"]
    assert [each.ok for each in await check(here, connector)] == [True, True, True]
    references = [await report(here), await report(here)]
    await work(here)
    await hear(here)
    numbers = [(await find(here, each)).external_references["rivemont"] for each in references]
    assert len(set(numbers)) == 2
    await make_move(here, references[0], "start", {}, actor=ANA, mover="agent")
    await work(here)
    assert [each["service_request_id"] for each in await posted(address, "_updates.json")] == [numbers[0]]
    await posted(address, "_stands.json", service_request_id=numbers[0], status="closed", status_notes="Fait")
    await hear(here)
    assert [(await find(here, each)).state for each in references] == ["resolved", "received"]


async def test_clients_of_others_accept_the_stand_in(stand_in):
    address = await stand_in()
    for client_of_others in ("three", "civicbot", "georeport"):
        script = str(COUNTERPARTS / "open311_clients.py")
        command = (sys.executable, "-W", "ignore", script, client_of_others, address, "a-key")
        ran = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        said, _ = await ran.communicate()
        assert json.loads(said)["status"] == "open"


async def test_a_refusal_is_read_on_the_desk_with_its_code(make_here, stand_in):
    unlike_theirs = SERVICE | {"columns": {"attribute[size]": "answers.size"}}
    here = make_here(await stand_in(), "a-key", services=[unlike_theirs])
    reference = await report(here)
    await work(here)
    note = next(iter(await notes_of(here, reference)))  # before what is said of the task
    assert "a refusé la requête (400)" in note
    assert "attribute[danger] is required" in note


async def test_a_wrong_key_lets_everything_wait(make_here, stand_in):
    here = make_here(await stand_in(), "another")
    reference = await report(here)
    await work(here)
    (waits,) = await listing(("postponed",), subscriber="connector:rivemont")
    assert "api_key was invalid" in str(waits.trouble)
    assert await notes_of(here, reference) == []
