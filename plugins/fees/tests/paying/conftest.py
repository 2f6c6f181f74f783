"""A running town with a permit that costs something, the stand-in provider, a payer and an agent at their browsers."""

import re
import threading
from types import ModuleType

import httpx
import pytest
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.plugins import DiscoveredPlugin
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_fees.providers import PaymentCircuits
from parvis_sdk.hooks import hookimpl
from parvis_testing.forms import version_in_form
from parvis_testing.modules import switch
from parvis_testing.portal import with_own_host

from ..permit import PERMIT, TERRACE, charge_of, owing

pytest.importorskip("parvis_hosted_payments")
from parvis_hosted_payments.provider import HostedPayments
from parvis_hosted_payments.settings import Settings as HostedSettings
from parvis_hosted_payments.stand_in.server import StandIn

SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
HOST = "http://127.0.0.1"


class Here:
    """The application, and everybody who comes to it."""

    def __init__(self, app, provider):
        self.app, self.provider = app, provider
        self.host = app.state.deployment.host
        self.counter = RequestService(self.host)
        self.clients = []

    def browser(self, **headers):
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 5000))
        client = httpx.AsyncClient(transport=transport, base_url=HOST, headers={"accept": "text/html"} | headers)
        self.clients.append(client)
        return client

    async def submit(self, type, **given):
        raw = {"language": "fr", "place": PLACE, "requester": ZOE} | given
        receipt = await self.counter.submit("parvis", type, raw, channel="portal")
        self.receipt = receipt
        return receipt

    async def record(self, reference):
        from parvis.requests.records import find

        return await find(self.host, reference)

    async def owed(self, answers):
        """A request with a fee that is due, and its requester at their browser."""
        reference = await owing(self, answers, at=clock.now())
        payer = self.browser()
        await payer.get(f"/fr/suivi/{reference}", params={"cle": self.receipt.key})
        return reference, payer

    async def agent(self, role="agent", town="parvis"):
        grants = (Grant(role=role, jurisdiction=town, unit=""),)
        person = await add_agent(
            self.host.engine,
            email=f"{role}@parvis.example",
            name="Ana Tremblay",
            password="quatre chevaux verts",
            grants=grants,
        )
        clerk = self.browser()
        clerk.cookies.set("parvis_session", await begin_session(self.host.engine, person.id, "Tests"))
        return clerk

    async def charge(self, reference):
        return await charge_of(self, reference)


PLACE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}


async def press(client, page, path, **data):
    """Send a form of a page, with its token and the version that it shows."""
    token = re.search(r'name="_csrf" value="([^"]+)"', page.text)[1]
    return await client.post(path, data={"_csrf": token, **version_in_form(page, path), **data})


@pytest.fixture(scope="module")
def serving_stand_in():
    server = StandIn(0, ("sk_test",), SECRET, now=lambda: clock.now().timestamp())
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def stand_in(serving_stand_in):
    """The provider as it is at first: it remembers nothing, and its calls get lost."""
    serving_stand_in.ledger.forget()
    serving_stand_in.mode, serving_stand_in.away = "lost", 0
    serving_stand_in.caller.calls.clear()
    return serving_stand_in


@pytest.fixture(scope="module")
def whole_app(serving_stand_in, tmp_path_factory, modules):
    """The application made once; each test gives it a host of its own."""
    module = ModuleType("a_town_that_is_paid")
    address = serving_stand_in.address
    hosted = HostedPayments(HostedSettings(base_url=address, secret_key="sk_test", call_secret=SECRET))

    @hookimpl
    def request_types():
        return [PERMIT, TERRACE]

    @hookimpl
    def payments():
        return [hosted]

    module.request_types, module.payments = request_types, payments
    data = tmp_path_factory.mktemp("paid")
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=data, worker=False)
    return create_app(settings, plugins=[DiscoveredPlugin.of("paid", module)], modules=modules)


@pytest.fixture
async def here(whole_app, database_url, stand_in, tmp_path):
    settings = structs.replace(whole_app.state.deployment.settings, data=tmp_path, database=database_url)
    with_own_host(whole_app, settings, PaymentCircuits)
    async with whole_app.lifespan():
        await switch(whole_app.state.deployment.host, "on")
        made = Here(whole_app, stand_in)
        yield made
        for client in made.clients:
            await client.aclose()
