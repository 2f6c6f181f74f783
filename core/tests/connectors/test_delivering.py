"""A connector is told of what happens over a client of the host: in order, guarded, logged without secrets."""

import asyncio
import time

import httpcore
import httpx
import pytest

from parvis.db import in_transaction
from parvis.http_client import AddressGuard, Clients
from parvis.outbox import listing
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.amendments import amend, change_contact, stop
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.sections import OutgoingSettings
from parvis.web.operators.plugins import heard_by
from parvis.worker.connections import connection_for
from parvis_sdk.connectors import Connector, Pace
from parvis_sdk.errors import Later
from parvis_sdk.events import Amended, ContactChanged, Moved, Submitted
from parvis_sdk.mapping import Column, Mapped
from parvis_sdk.requests import Requester
from parvis_sdk.subscriptions import Outcome
from parvis_testing.town import ANA, HOLE, QUARREL


async def test_an_event_reaches_the_other_system_and_its_number_comes_back(make_town, connector, other):
    inside = []

    async def deliver(event, request, connection):
        inside.append(in_transaction(town.host.engine))
        answer = await connection.http.post("/orders", json={"about": request.reference})
        return Outcome(external_reference=answer.json()["number"])

    town = make_town(connector(deliver))
    reference = (await town.submit()).reference
    await town.relay().drain()
    assert (await town.record(reference)).external_references == {"orders": "WO-1"}
    assert [(asked.method, asked.path) for asked in other.asked] == [("POST", "/orders")]
    assert other.asked[0].headers["user-agent"].startswith("Parvis/")
    assert inside == [False]


async def test_what_it_asks_to_keep_about_a_request_is_there_the_next_time(make_town, connector):
    seen = []

    async def deliver(event, request, connection):
        seen.append(dict(request.remembered))
        return Outcome(remember={"etag": f'"{len(seen)}"', "gone": None if len(seen) > 1 else 1})

    town = make_town(connector(deliver))
    reference = (await town.submit()).reference
    await town.relay().drain()
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    await town.relay().drain()
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    await town.relay().drain()
    assert seen == [{}, {"etag": '"1"', "gone": 1}, {"etag": '"2"'}]


async def test_it_may_ask_how_a_request_stands_and_what_it_kept_about_it(make_town, connector):
    async def deliver(event, request, connection):
        return Outcome(remember={"sent": request.state})

    town = make_town(connector(deliver), connector(name="trees", types=("tree",)))
    reference = (await town.submit()).reference
    await town.relay().drain()
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    connection = await connection_for(town.host, town.connector())
    known = await connection.request(reference)
    assert (known.state, known.remembered, known.requester) == ("working", {"sent": "received"}, None)
    assert await connection.request("0000-0000-0") is None
    assert await (await connection_for(town.host, town.connector("trees"))).request(reference) is None
    await erase(town.host, reference, actor=ANA)
    assert await connection.request(reference) is None


async def test_a_connector_hears_when_the_ways_to_reach_somebody_change(make_town, connector):
    heard = []

    async def deliver(event, request, connection):
        heard.append((type(event).__name__, request.requester.phone, request.stopped))

    town = make_town(connector(deliver, events=(ContactChanged,), needs=("contact",)))
    reference = (await town.submit()).reference
    await change_contact(town.host, reference, Requester(name="Zoé", phone="+14185550177"), "fr")
    await town.relay().drain()
    await stop(town.host, reference)
    await town.relay().drain()
    assert heard == [("ContactChanged", "+14185550177", False), ("ContactChanged", "+14185550177", True)]


async def test_events_of_one_request_wait_for_each_other_whatever_they_are(make_town, connector, other):
    states = []

    async def deliver(event, request, connection):
        if not states and not other.asked:
            other.asked.append(None)
            raise Later("away for a moment")
        states.append(type(event).__name__)

    town = make_town(connector(deliver))
    reference = (await town.submit()).reference
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    await town.relay().drain()
    assert states == []
    [line] = await listing(["postponed"])
    assert (line.subscriber, line.event) == ("connector:orders", "submitted")


async def test_a_connector_hears_only_of_its_types_and_towns(make_town, connector):
    town = make_town(
        connector(name="here", towns=("parvis",), types=("hole",)),
        connector(name="elsewhere", towns=("another",)),
        connector(name="trees", types=("tree",)),
    )
    await town.submit()
    assert {line.subscriber for line in await listing()} == {"connector:here"}


async def test_an_address_inside_the_network_is_called_only_where_the_settings_allow_it(make_town, connector, other):
    town = make_town(connector(), private=())
    await town.submit()
    await town.relay().drain()
    [line] = await listing(["postponed"])
    assert "127.0.0.1, an address inside a network" in str(line.trouble)
    assert "outgoing.private" in str(line.trouble)
    assert other.asked == []


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "224.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1"),  # noqa: S104
        *("::1", "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "::10.0.0.1", "fec0::1", "ff02::1", "ff0e::1"),
        *("64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ],
)
async def test_no_private_address_is_connected_to(host):
    with pytest.raises(Later, match="inside a network"):
        await AddressGuard(()).connect_tcp(host, 80, timeout=0.2)


async def test_a_host_whose_name_cannot_be_asked_for_is_not_known():
    with pytest.raises(httpcore.ConnectError, match="is not known"):
        await AddressGuard(()).addresses("a" * 64 + ".example", 443)


async def test_a_network_that_is_named_is_allowed():
    guard = AddressGuard(("10.0.0.0/8",))
    assert await guard.addresses("10.1.2.3", 80) == ["10.1.2.3"]
    with pytest.raises(Later):
        await guard.addresses("192.168.1.1", 80)


@pytest.mark.parametrize("host", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
async def test_a_public_address_is_allowed_also_behind_a_gateway_of_ipv6(host):
    assert await AddressGuard(()).addresses(host, 443) == [host]


async def test_a_redirect_is_not_followed(make_town, connector, other):
    other.answer = lambda asked: (302, b"", {"location": "http://169.254.169.254/"})
    clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    answer = await clients.of("any", Pace()).get(other.url)
    await clients.close()
    assert answer.status_code == 302
    assert len(other.asked) == 1


async def test_a_pace_is_kept_to(other):
    clients = Clients(OutgoingSettings(private=("127.0.0.0/8",)))
    http = clients.of("slow", Pace(at_once=8, per_second=50))
    started = time.monotonic()
    await asyncio.gather(*(http.get(other.url) for _ in range(11)))
    took = time.monotonic() - started
    await clients.close()
    assert took >= 10 / 50  # ten gaps between eleven calls


async def test_connectors_that_hang_leave_room_for_every_other_one(make_town, connector, other):
    hangs = asyncio.Event()

    async def hang(event, request, connection):
        await hangs.wait()

    town = make_town(*(connector(hang, name=f"hangs_{n}") for n in range(6)), connector(name="orders"))
    for _ in range(5):
        await town.submit()
    relay, stopping = town.relay(at_once=12), asyncio.Event()
    running = asyncio.create_task(relay.run(stopping))
    async with asyncio.timeout(20):
        while len(other.asked) < 5:
            await asyncio.sleep(0.05)
    hangs.set()
    stopping.set()
    await running
    assert {line.subscriber for line in await listing(["done"])} >= {"connector:orders"}


def test_a_mapping_that_does_not_fit_is_told_when_the_house_opens(plugin_with):
    columns = {"REF": "reference", "SIZE": Column(source="answers.sise"), "MAIL": "requester.email", "X": "plaice.lon"}
    wrong = Mapped(
        to="0", types=("hole", "hoel"), columns=columns, read="STATUS", moves={"Done": "repare", "Begun": "start"}
    )
    plugins = load_plugins([plugin_with(mappings=(wrong,))])
    told = " ".join(str(trouble) for trouble in plugins.troubles)
    assert "'hoel' is not declared" in told
    assert "did you mean 'hole'?" in told
    assert "has no field 'sise'" in told
    assert "'requester.email' is personal and was not said to be needed" in told
    assert "there is no fact 'plaice.lon'" in told
    assert "there is no transition 'repare'" in told
    assert "the transition 'start' is not one that another system may make" in told
    assert "orders" in plugins.connectors  # the rest of it works


@pytest.fixture
def plugin_with():
    from types import ModuleType

    from parvis_sdk.hooks import hookimpl
    from parvis_testing.connectors import order
    from parvis_testing.town import HOLE, said

    def make(**given):
        one = Connector(
            name="orders", title=said("Bons"), address="https://x.example", events=(Submitted,), deliver=order, **given
        )
        module = ModuleType("mapped_plugin")

        def connectors():
            return [one]

        def request_types():
            return [HOLE]

        module.connectors, module.request_types = hookimpl(connectors), hookimpl(request_types)
        return DiscoveredPlugin.of("erp", module)

    return make


def test_the_client_of_a_connector_is_closed_with_the_host():
    async def use():
        clients = Clients(OutgoingSettings())
        http = clients.of("one", Pace())
        assert clients.of("one", Pace()) is http
        await clients.close()
        return http

    http = asyncio.run(use())
    assert isinstance(http, httpx.AsyncClient)
    assert http.is_closed


async def test_a_connector_hears_that_a_request_became_one_of_a_type_that_is_not_its_own(make_town, connector):
    heard = []

    async def deliver(event, request, connection):
        heard.append((type(event).__name__, request.type))

    events = (Submitted, Moved, Amended)
    town = make_town(connector(deliver, events=events, types=("hole",)), types=(HOLE, QUARREL))
    reference = (await town.submit()).reference
    await amend(town.host, reference, type="quarrel", answers={"kind": "noise"}, actor=ANA)
    await town.relay().drain()
    assert heard == [("Submitted", "quarrel"), ("Amended", "quarrel")]


async def test_the_page_of_plugins_says_what_each_connector_is_told_of_a_person(make_town, connector):
    plugins = make_town(connector(needs=("contact", "attachments"))).host.plugins
    [heard] = heard_by(plugins, plugins.by_name["erp"])
    assert (heard.name, heard.needs) == ("orders", ("contact", "attachments"))
    assert heard.events == ("Submitted", "Moved")
