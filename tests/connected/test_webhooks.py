"""Webhooks from a town with a worker to the receiver that the guide shows, over real HTTP."""

import threading
from http.server import HTTPServer
from pathlib import Path

import msgspec
import pytest

from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.outbox import listing
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.request_service import RequestService
from parvis.sections import OutgoingSettings
from parvis.worker import Limits, Relay
from parvis_connectors.calls import check, try_out
from parvis_connectors.exchanges import exchanges_of
from parvis_plugin_checks.rehearsals import rehearsals
from parvis_testing.jurisdictions import example_towns

GUIDE = Path(__file__).parents[2] / "docs" / "webhooks.md"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
RAW = {
    "language": "fr",
    "answers": {"size": "large", "surface": "lane", "danger": False},
    "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
    "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
}


@pytest.fixture
def receiver(monkeypatch):
    """The receiver of docs/webhooks.md, as anybody copies it; `known` is what it took in."""
    guide = GUIDE.read_text(encoding="utf-8")
    code = guide.partition("```py\n")[2].partition("```")[0]
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    names = {"__name__": "receiver"}
    exec(compile(code, "docs/webhooks.md", "exec"), names)  # noqa: S102  the very text that integrators copy
    names["Receiver"].log_message = lambda *words: None
    with HTTPServer(("127.0.0.1", 0), names["Receiver"]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.known, server.url = names["KNOWN"], f"http://127.0.0.1:{server.server_address[1]}/parvis"
        yield server
        server.shutdown()


@pytest.fixture
async def make_host(database, tmp_path, receiver, reading):
    opened = []

    def make(secret=SECRET, **given):
        endpoint = {"name": "observatory", "url": receiver.url, **given}
        found, troubles = find_plugins({})
        environ = {"PARVIS_WEBHOOKS_SECRETS": msgspec.json.encode({"observatory": secret}).decode()}
        settings = settings_from({"webhooks": {"endpoints": [endpoint]}}, environ)
        plugins = load_plugins(found, settings, troubles)
        clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
        opened.append(clients)
        return Host(
            engine=database,
            jurisdictions=example_towns(),
            plugins=plugins,
            files=LocalFiles(tmp_path / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
            modules=reading,
        ).having(clients)

    yield make
    for clients in opened:
        await clients.close()


async def work(host):
    await Relay(host, Limits(seconds=10), luck=lambda: 0.0).drain()


async def report(host):
    receipt = await RequestService(host).submit("parvis", "pothole", RAW, channel="portal")
    return receipt.reference


async def test_the_receiver_of_the_guide_takes_in_what_happens_in_order_and_once(make_host, receiver):
    host = make_host()
    reference = await report(host)
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    await work(host)
    first, second, *more = receiver.known.values()
    assert [first["type"], second["type"]] == ["request.submitted", "request.moved"]
    assert second["data"]["change"] == {"transition": "start", "source": "received", "target": "in_progress"}
    assert {each["data"]["reference"] for each in (first, second, *more)} == {reference}
    assert "Zoé" not in str(receiver.known)
    delivered = await listing(("done",), subscriber="connector:webhook_observatory")
    assert len(delivered) == len(receiver.known)
    assert (await exchanges_of(delivery=delivered[0].id))[0].status == 204


async def test_a_wrong_secret_is_not_believed_and_the_delivery_waits(make_host, receiver):
    host = make_host(secret=OTHER)
    await report(host)
    await work(host)
    (line,) = await listing(("postponed",), subscriber="connector:webhook_observatory")
    assert "the address refused the call (HTTP 401)" in str(line.trouble)
    assert receiver.known == {}


async def test_a_check_and_a_trial_reach_it(make_host, receiver):
    host = make_host()
    connector = host.plugins.connectors["webhook_observatory"]
    assert [each.ok for each in await check(host, connector)] == [True, True]
    assert await try_out(host, connector) == "HTTP 204"
    (ping,) = receiver.known.values()
    assert ping["type"] == "ping"


async def test_it_bears_every_weather_with_the_settings_of_the_town(make_host, receiver):
    host = make_host(types=["pothole"])
    played = [each async for each in rehearsals(host, host.plugins.connectors["webhook_observatory"])]
    assert [each.rehearsed.mistake for each in played if each.rehearsed.mistake] == []
    assert len(played) > 20
    assert receiver.known == {}
