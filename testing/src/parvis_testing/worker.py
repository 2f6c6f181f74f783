"""A host with a town, one request type, and plugins whose handlers and channels a test sets."""

from types import ModuleType

import pytest

from parvis.files import LocalFiles
from parvis.outbox import listing
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import Actor
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.worker import Limits, Relay
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.fields import PUBLIC, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import RequestType, Retention, Theme
from parvis_sdk.requests import Phase
from parvis_sdk.subscriptions import on
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Transition, Workflow

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def said(fr, en=""):
    return Text(fr=fr, en=en or fr)


HOLE = RequestType(
    code="hole",
    title=said("Trou", "Hole"),
    summary=said("Un trou dans la rue"),
    slug=said("trou", "hole"),
    theme=Theme(code="streets", title=said("Rues"), slug=said("rues", "streets")),
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Quoi"),
                fields=(YesNo(code="danger", label=said("Dangereux ?"), privacy=PUBLIC),),
            ),
        )
    ),
    workflow=Workflow(
        states=(
            State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
            State(code="working", title=said("En cours"), phase=Phase.IN_PROGRESS),
            State(code="done", title=said("Réglée"), phase=Phase.CLOSED),
        ),
        transitions=(
            Transition(
                code="start",
                title=said("Commencer"),
                sources=("received",),
                target="working",
                by=("agent", "system"),
            ),
            Transition(
                code="resolve", title=said("Régler"), sources=("working",), target="done", by=("agent", "system")
            ),
        ),
    ),
    retention=Retention(days=365),
)


def a_plugin(name, *, types=(), subscriptions=(), channels=()):
    module = ModuleType(f"test_{name}_plugin")
    for hook, nouns in (("request_types", types), ("subscriptions", subscriptions), ("channels", channels)):
        answer = list(nouns)
        implementation = _hook(hook, answer)
        setattr(module, hook, hookimpl(implementation))
    return DiscoveredPlugin.of(name, module, distribution=f"parvis-{name}", version="1.2")


def _hook(name, answer):
    def implementation():
        return answer

    implementation.__name__ = name
    return implementation


class Town:
    """The host and a relay, with helpers for their public functions."""

    def __init__(self, engine, jurisdictions, folder, plugins):
        self.engine = engine
        self.plugins = load_plugins([a_plugin("town", types=[HOLE]), *plugins])
        assert not self.plugins.troubles, self.plugins.troubles
        self.host = Host(
            engine=engine,
            jurisdictions=jurisdictions,
            plugins=self.plugins,
            files=LocalFiles(folder / "files"),
            secret=b"a secret of thirty-two characters",
            base_url="http://127.0.0.1:8000",
        )
        self.relay = self.another_relay()

    def another_relay(self, **limits):
        return Relay(self.host, Limits(**{"seconds": 5.0, **limits}), luck=lambda: 0.0)

    async def submit(self, **given):
        raw = {
            "language": "fr",
            "answers": {"danger": False},
            "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
            "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"},
        }
        receipt = await RequestService(self.host).submit("parvis", "hole", raw | given, channel="portal")
        return receipt.reference

    async def move(self, reference, transition):
        return await make_move(self.host, reference, transition, {}, actor=ANA, mover="agent")

    async def record(self, reference):
        return await find(self.host, reference)

    async def only(self, *states):
        [line] = await listing(states)
        return line


@pytest.fixture
def make_town(database, jurisdictions, tmp_path):
    def make(*plugins):
        return Town(database, jurisdictions, tmp_path, plugins)

    return make


@pytest.fixture
def plugin():
    """A plugin with this name and these nouns."""
    return a_plugin


@pytest.fixture
def erp():
    """A plugin `erp` whose handler `order` is the function given."""

    def make(handler, *events, needs=()):
        subscription = on(*(events or (Submitted, Moved)), needs=needs, name="order")(handler)
        return a_plugin("erp", subscriptions=[subscription])

    return make


@pytest.fixture
def pigeon():
    """A plugin `pigeon` with a channel `email` that sends with the given function."""

    def make(send):
        class Pigeon:
            name = "email"

            async def send(self, message):
                return await send(message)

        return a_plugin("pigeon", channels=[Pigeon()])

    return make
