"""A channel that a vendor brings: chosen on the form by a resident, told, counted, failed over to a call by hand."""

import importlib
import json
import re
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from litestar import Litestar

from parvis import clock
from parvis.app import create_app
from parvis.db.tables import OwedContact
from parvis.example_towns import town_folder
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import Actor
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.parties import by_way, receivers_about
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis.worker import Limits, Relay
from parvis_sdk.hooks import hookimpl
from parvis_testing.desk import Desk
from parvis_testing.modules import only, switch

VENDORS = Path(__file__).parents[1] / "vendors"
sys.path.append(str(VENDORS))  # as a vendor's own package is found
voice = importlib.import_module("voice")

HOST = "http://127.0.0.1"
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
AT_NOON, AT_NIGHT = datetime(2026, 11, 30, 17, tzinfo=UTC), datetime(2026, 12, 1, 3, 30, tzinfo=UTC)
HOLE = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé", "phone": "514 555-0101", "preferred_channel": "voice"},
}


class Machine(ThreadingHTTPServer):
    """What calls people and speaks: takes each call once, and says as it is told whether somebody answered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Calls)
        self.said: dict[str, dict[str, str]] = {}
        self.answers = True


class Calls(BaseHTTPRequestHandler):
    server: Machine

    def do_POST(self) -> None:
        call = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.said[call["id"]] = call
        self.send_response(200 if self.server.answers else 422)
        self.end_headers()
        self.wfile.write(json.dumps({"call": f"c-{len(self.server.said)}"}).encode())

    def log_message(self, *given: Any) -> None:
        pass


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine() as machine:
        threading.Thread(target=machine.serve_forever, daemon=True).start()
        yield machine
        machine.shutdown()


@pytest.fixture
async def app(database_url: str, tmp_path: Path, machine: Machine) -> AsyncIterator[Litestar]:
    found, _ = find_plugins()
    reports = [each for each in found if each.origin.name == "reports"]
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of more than thirty-two characters",
        base_url=HOST,
        data=tmp_path,
        database=database_url,
        worker=False,
        plugins={"voice": {"url": f"http://127.0.0.1:{machine.server_port}"}},
    )
    app = create_app(settings, [*reports, DiscoveredPlugin.of("voice", voice)], modules=only("telephone"))
    async with app.lifespan():
        await switch(app.state.deployment.host, "on")
        yield app


class Visitor:
    """Somebody without scripts who fills in the form of the page and presses its button."""

    def __init__(self, app: Litestar) -> None:
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOST, follow_redirects=True)
        self.page = httpx.Response(200)

    async def open(self, path: str) -> None:
        self.page = await self.http.get(path, headers={"accept": "text/html"})

    async def send(self, **values: str) -> None:
        form = self.page.text.split('<form id="step-form"')[1].split("</form>")[0]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        filled = {name: (None, value) for name, value in {**hidden, **values}.items()}
        action = re.findall(r'action="([^"]*)"', form)[0] or self.page.url.path
        self.page = await self.http.post(action, files=filled, headers={"accept": "text/html"})


async def told(app: Litestar, reference: str) -> Record:
    """The request, once everything that is due was handed over."""
    host = app.state.deployment.host
    await Relay(host, Limits(seconds=5.0), luck=lambda: 0.0).drain()
    record = await find(host, reference)
    assert record is not None
    return record


async def filed(app: Litestar, **requester: str) -> str:
    raw = HOLE | {"requester": {**HOLE["requester"], **requester}}
    receipt: Any = await RequestService(app.state.deployment.host).submit("parvis", "pothole", raw, channel="portal")
    return str(receipt.reference)


async def under_way(app: Litestar, reference: str) -> None:
    moved = await make_move(app.state.deployment.host, reference, "start", {}, actor=ANA, mover="agent")
    assert isinstance(moved, Record), moved


async def test_a_resident_chooses_it_on_the_form_and_reads_what_happens(app):
    visitor = Visitor(app)
    await visitor.open("/fr/demande/rues-et-trottoirs/nid-de-poule")
    place = {"place.address": "1234, rue Rachel Est", "place.lon": "-73.5807", "place.lat": "45.5236"}
    assert "Par appel automatisé" not in visitor.page.text
    await visitor.send(**place, size="large", surface="lane", danger="no")
    assert "Par appel automatisé" in visitor.page.text
    assert "Une voix vous lit les nouvelles, entre 8 h et 21 h." in visitor.page.text
    who = {"mode": "named", "name": "Zoé", "preferred_channel": "voice"}
    await visitor.send(**who, phone="+33 1 42 68 53 00")
    assert "L’appel automatisé ne joint que les numéros du Canada" in visitor.page.text
    await visitor.send(**who, phone="514 555-0101")
    assert "Un appel automatisé au 514 555-0101 vous informe de chaque étape." in visitor.page.text.replace(
        "\u00a0", " "
    )
    reference = visitor.page.url.path.split("/")[3]
    record = await find(app.state.deployment.host, reference)
    person = await contact_of(record)
    assert person is not None
    assert (person.phone, person.preferred_channel) == ("+15145550101", "voice")


async def test_a_person_is_told_of_each_step_by_it_and_counted(app, machine):
    with clock.moved_to(AT_NOON):
        reference = await filed(app)
        await under_way(app, reference)
        record = await told(app, reference)
    [call] = machine.said.values()
    assert (call["to"], call["language"]) == ("+15145550101", "fr")
    assert "http" not in call["say"]
    assert ", ".join(" ".join(part) for part in reference.split("-")) in call["say"]
    host = app.state.deployment.host
    about = await receivers_about(host, host.jurisdictions.jurisdiction("parvis"), [record])
    assert by_way(about[record.id]) == {"voice": 1}


async def test_nobody_is_called_at_night(app, machine):
    with clock.moved_to(AT_NIGHT) as moved:
        reference = await filed(app)
        await under_way(app, reference)
        await told(app, reference)
        assert machine.said == {}
        moved.forward(hours=10)
        await told(app, reference)
        assert len(machine.said) == 1


async def test_where_nobody_answers_a_person_of_the_town_calls(app, machine):
    machine.answers = False
    with clock.moved_to(AT_NOON):
        reference = await filed(app)
        await under_way(app, reference)
        record = await told(app, reference)
    owed = await OwedContact.select().where(OwedContact.request == record.id)
    assert [(row["way"], row["state"]) for row in owed] == [("phone", "owed")]
    [lost] = [entry for entry in await entries_of(record) if entry.kind == "undelivered"]
    assert (lost.body["channel"], lost.body["then"]) == ("voice", "phone")


async def test_the_call_that_a_person_makes_stands_at_the_desk_with_the_words_until_it_is_made(app, machine):
    machine.answers = False
    with clock.moved_to(AT_NOON):
        reference = await filed(app)
        await under_way(app, reference)
        await told(app, reference)
        desk = Desk(app)
        clerk = await desk.signed_in("clerk")
        await clerk.get("/bureau/appels")
        assert reference in clerk.text
        assert 'href="tel:+15145550101"' in clerk.page.text
        await clerk.get(f"/bureau/requete/{reference}")
        assert "Un appel automatisé n’a pas abouti" in clerk.text
        await clerk.get("/bureau/appels")
        calls = re.findall(r'name="calls" value="([^"]+)"', clerk.page.text)
        await clerk.post(f"/bureau/requete/{reference}/appel", calls=calls[0], result="told", words="Dit à Zoé")
        await clerk.get("/bureau/appels")
        assert reference not in clerk.text


async def test_where_nobody_calls_it_stays_with_its_words_in_sight_of_the_desk(app, machine):
    machine.answers = False
    await switch(app.state.deployment.host, "off", "telephone")
    with clock.moved_to(AT_NOON):
        reference = await filed(app)
        await under_way(app, reference)
        await told(app, reference)
        clerk = await Desk(app).signed_in("clerk")
        await clerk.get("/bureau/non-remis")
        assert reference in clerk.text
        await clerk.get(f"/bureau/requete/{reference}")
        messages = re.findall(r'name="messages" value="([^"]+)"', clerk.page.text)
        await clerk.post(f"/bureau/requete/{reference}/non-remis", messages=messages[0], result="told", words="Dit")
        await clerk.get("/bureau/non-remis")
        assert reference not in clerk.text


async def test_it_speaks_english_to_whoever_asked_in_english(app, machine):
    with clock.moved_to(AT_NOON):
        raw = HOLE | {"language": "en"}
        receipt: Any = await RequestService(app.state.deployment.host).submit(
            "parvis", "pothole", raw, channel="portal"
        )
        await under_way(app, str(receipt.reference))
        await told(app, str(receipt.reference))
    [call] = machine.said.values()
    assert (call["language"], call["say"].startswith("Ville")) == ("en", False)


async def test_programs_read_that_it_may_be_chosen(app):
    host = app.state.deployment.host
    reference = await filed(app)
    person = await contact_of(await find(host, reference))
    assert person is not None
    assert person.preferred_channel == "voice"
    visitor = Visitor(app)
    await visitor.open("/api/v1/request-types/pothole")
    offered = {each["code"]: each["needs"] for each in visitor.page.json()["contact_methods"]}
    assert offered == {"email": "email", "voice": "phone", "phone": "phone", "letter": "postal_address"}
    refused: Any = await RequestService(host).submit(
        "parvis", "pothole", HOLE | {"requester": {**HOLE["requester"], "preferred_channel": "pigeon"}}, channel="api"
    )
    assert [problem.code for problem in refused.found] == ["not_offered"]


def test_a_contact_method_that_cannot_be_used_is_told_to_its_author():
    class Wrong(voice.Voice):
        name = "Voice!"

    module = ModuleType("wrong")
    module.channels = hookimpl(lambda: [Wrong(voice.Settings())])  # type: ignore[attr-defined]
    plugins = load_plugins([DiscoveredPlugin.of("wrong", module)])
    assert plugins.channels == {}
    assert "contact method" in " ".join(str(trouble) for trouble in plugins.troubles)
