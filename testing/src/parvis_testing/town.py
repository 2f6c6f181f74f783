"""Shared fixtures of the core: a plugin with two request types, and a host on a real database with the demo towns."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import pytest
from litestar import Litestar
from msgspec import structs

from parvis.access_scope import Reach
from parvis.composition import Deployment, Startup
from parvis.db.binding import open_engine
from parvis.deployment import given
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.http_client import Clients
from parvis.people.throttle import Pace
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.declarations import Declarations
from parvis.requests.host import Host
from parvis.requests.keeping.retention import due_for_destruction, erase
from parvis.requests.locating import Circuits
from parvis.requests.offered import TypesInTowns
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.requests.visibility import Viewer
from parvis.requests.work.presence import Presence
from parvis.settings import Settings
from parvis.switches import Switchboard
from parvis_sdk.conditions import Is
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.fields import PERSONAL, PUBLIC, SENSITIVE, LongText, OneOf, Option, Photo, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_sdk.hooks import hookimpl
from parvis_sdk.request_types import (
    IdentityRule,
    PlaceRule,
    RequestType,
    Retention,
    ServiceLevel,
    Theme,
    Visibility,
)
from parvis_sdk.requests import Phase
from parvis_sdk.subscriptions import Subscription, on
from parvis_sdk.text import Text
from parvis_sdk.workflow import State, Timer, Transition, Workflow, reason_form
from parvis_testing.jurisdictions import example_towns
from parvis_testing.modules import standing_in, switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}


def said(fr: str, en: str = "") -> Text:
    return Text(fr=fr, en=en or fr)


def states() -> tuple[State, ...]:
    return (
        State(code="received", title=said("Reçue"), phase=Phase.RECEIVED),
        State(code="working", title=said("En cours"), phase=Phase.IN_PROGRESS, story=said("Une équipe s’en occupe.")),
        State(
            code="waiting",
            title=said("En attente"),
            phase=Phase.WAITING_FOR_YOU,
            timers=(Timer(transition="give_up", days=30),),
        ),
        State(code="done", title=said("Réglée"), phase=Phase.CLOSED),
    )


def transitions() -> tuple[Transition, ...]:
    proof = Form(
        sections=(
            Section(
                code="proof",
                title=said("Preuve"),
                fields=(
                    LongText(code="reason", label=said("Ce qui a été fait"), required=False, privacy=PUBLIC),
                    Photo(code="proof", label=said("Photo"), required=False, privacy=PUBLIC),
                ),
            ),
        )
    )
    return (
        Transition(code="start", title=said("Commencer"), sources=("received",), target="working"),
        Transition(code="ask", title=said("Questionner"), sources=("working",), target="waiting", asks=reason_form()),
        Transition(code="answer", title=said("Répondre"), sources=("waiting",), target="working", by=("requester",)),
        Transition(code="resolve", title=said("Régler"), sources=("working", "received"), target="done", asks=proof),
        Transition(code="give_up", title=said("Abandonner"), sources=("waiting",), target="done", by=("system",)),
        Transition(
            code="reopen", title=said("Rouvrir"), sources=("done",), target="working", by=("manager", "requester")
        ),
        Transition(
            code="withdraw",
            title=said("Retirer"),
            sources=("received", "working", "waiting"),
            target="done",
            by=("requester",),
            asks=reason_form(required=False),
        ),
    )


THEME = Theme(code="streets", title=said("Rues", "Streets"), slug=said("rues", "streets"))
HOLE = RequestType(
    code="hole",
    title=said("Trou", "Hole"),
    summary=said("Un trou dans la rue", "A hole in the street"),
    slug=said("trou", "hole"),
    theme=THEME,
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Quoi"),
                fields=(
                    YesNo(code="danger", label=said("Dangereux ?"), privacy=PUBLIC),
                    LongText(code="words", label=said("Décrivez"), required=False),
                    ShortText(code="witness", label=said("Témoin"), required=False, privacy=PERSONAL),
                    ShortText(code="health", label=said("Blessure"), required=False, privacy=SENSITIVE),
                    Photo(code="photos", label=said("Photos"), required=False),
                ),
            ),
        )
    ),
    workflow=Workflow(states=states(), transitions=transitions()),
    service_levels=(
        ServiceLevel(code="danger", title=said("24 heures"), hours=24, when=Is(field="danger", value=True)),
        ServiceLevel(code="usual", title=said("5 jours"), business_days=5),
    ),
    retention=Retention(days=365, erasable_on_request=True),
)
QUARREL = RequestType(
    code="quarrel",
    title=said("Querelle", "Quarrel"),
    summary=said("Une plainte confidentielle", "A confidential complaint"),
    slug=said("querelle", "quarrel"),
    theme=Theme(code="neighbours", title=said("Voisinage"), slug=said("voisinage", "neighbours")),
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Quoi"),
                fields=(
                    OneOf(
                        code="kind",
                        label=said("Genre"),
                        options=(Option(code="noise", label=said("Bruit")), Option(code="dog", label=said("Chien"))),
                    ),
                    LongText(code="words", label=said("Décrivez"), required=False),
                ),
            ),
        )
    ),
    workflow=Workflow(states=states(), transitions=transitions()),
    place=PlaceRule(need="optional", precision=200),
    identity=IdentityRule(modes=("confidential", "named")),
    occurrence=Form(
        sections=(Section(code="again", title=said("Encore"), fields=(ShortText(code="when", label=said("Quand")),)),)
    ),
    retention=Retention(days=90, then="destroy"),
    visibility=Visibility(public=False),
)


@on(Submitted, Moved)
async def tell(event: Any, request: Any) -> None:
    """A subscription, so that deliveries are written."""


def plugin_of(*types: RequestType) -> ModuleType:
    module = ModuleType("test_town_plugin")

    @hookimpl
    def subscriptions() -> list[Subscription]:
        return [tell]

    @hookimpl
    def request_types() -> list[RequestType]:
        return list(types)

    module.request_types = request_types  # type: ignore[attr-defined]
    module.subscriptions = subscriptions  # type: ignore[attr-defined]
    return module


@dataclass
class Town:
    """The host, with helpers for its public functions."""

    host: Host
    counter: RequestService
    code: str = "parvis"
    sent: dict[str, Any] = field(default_factory=dict)

    async def submit(self, type: str = "hole", **given: Any) -> Any:
        raw = {
            "language": "fr",
            "answers": {"danger": False} if type == "hole" else {"kind": "noise"},
            "place": HERE,
            "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"},
        }
        if type == "quarrel":
            raw["requester"] = raw["requester"] | {"mode": "confidential"}
        taken = ("channel", "idempotency_key", "holder", "actor", "declares")
        options = {key: given.pop(key) for key in taken if key in given}
        return await self.counter.submit(
            self.code, type, raw | given, channel=options.pop("channel", "portal"), **options
        )

    async def record(self, reference: str) -> Any:
        return await find(self.host, reference)

    def agent(self, *permissions: str, unit: str = "", jurisdiction: str = "parvis") -> Viewer:
        allowed = frozenset({*(permissions or ("see", "work")), "contacts", "money"})
        reach = Reach(permissions=allowed, jurisdiction=jurisdiction, unit=unit)
        return Viewer(kind="agent", id="ana", name="Ana Tremblay", reaches=(reach,))


@pytest.fixture(scope="session")
def jurisdictions():
    """The towns of the demo."""
    return example_towns()


async def erase_due(host: Host) -> tuple[str, ...]:
    """Erases everything that is due, as after an approval."""
    due = [each.reference for each in await due_for_destruction(host)]
    return tuple([each for each in due if await erase(host, each, actor=SYSTEM, only="due") is not None])


def host_on(engine, jurisdictions, folder, *types: RequestType) -> Host:
    plugins = load_plugins([DiscoveredPlugin.of("town", plugin_of(*types))])
    assert not plugins.troubles, plugins.troubles
    return Host(
        engine=engine,
        jurisdictions=jurisdictions,
        plugins=plugins,
        files=LocalFiles(folder / "files"),
        secret=b"a secret of thirty-two characters",
        base_url="http://127.0.0.1:8000",
    )


def with_own_deployment(app: Litestar, first_state: dict[str, Any], settings: Settings) -> Deployment:
    """Gives a shared application a new host for one test, and clears its caches."""
    for name in app.state.dict().keys() - first_state.keys():
        del app.state[name]
    deployment: Deployment = first_state["deployment"]
    plugins = deployment.plugins
    circuits = [kind for kind in deployment.host.memory if issubclass(kind, Circuits)]
    host = replace(
        deployment.host.without(Declarations, TypesInTowns, *standing_in(deployment.host), Presence, Pace, *circuits),
        engine=open_engine(settings.database_url),
        files=LocalFiles(settings.data / "files"),
        plugins=structs.replace(plugins, by_name={**plugins.by_name}, request_types={**plugins.request_types}),
    ).having(Clients(settings.outgoing))
    own = replace(deployment, settings=settings, host=host)
    app.state.update(first_state | {"deployment": own})
    return own


@pytest.fixture(scope="session")
def town_plugin():
    """The plugin of these two request types, as if installed."""
    return DiscoveredPlugin.of("town", plugin_of(HOLE, QUARREL))


@pytest.fixture
async def chromium(chromium_of_session) -> AsyncIterator[Any]:
    """A Chromium without open pages of other tests."""
    yield chromium_of_session
    for context in chromium_of_session.contexts:
        await context.close()


@pytest.fixture
async def town(database, jurisdictions, tmp_path, modules):
    host = replace(host_on(database, jurisdictions, tmp_path, HOLE, QUARREL), modules=Switchboard(modules))
    settings = Settings(territory=town_folder(), secret_key="a secret of thirty-two characters")
    host = host.having(*given(modules, Startup(settings, {}, host.plugins)))
    await switch(host, "on")
    return Town(host=host, counter=RequestService(host))
