"""Operations of the town on its portal: offered to be followed where they are under way, instead of being reported."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.db import counted
from parvis.db.binding import open_engine
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.usual_delays import Delays
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_sdk.about import Operation
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import PUBLIC, Date
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import IdentityRule, PlaceRule
from parvis_testing.modules import switch
from parvis_testing.portal import SECRET, visiting
from parvis_testing.services import HOLE, LIFE, plugin_of, said

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)  # a Wednesday, eleven in the morning here
PLATEAU = {"place.address": "4001, rue Berri", "place.lon": "-73.5727", "place.lat": "45.5227"}
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
SNOW = structs.replace(
    HOLE,
    code="snow",
    title=said("Neige", "Snow"),
    slug=said("neige", "snow"),
    identity=IdentityRule(modes=("anonymous",)),
    operations=("plowing",),
)
PLOWING = structs.replace(
    HOLE,
    code="plowing",
    title=said("Déneigement", "Plowing"),
    slug=said("operation", "operation"),
    form=Form(
        sections=(
            Section(
                code="what",
                title=said("Quoi", "What"),
                fields=(Date(code="ends_on", label=said("Fin", "End"), privacy=PUBLIC),),
            ),
        )
    ),
    workflow=LIFE,
    service_levels=(),
    eligibility=None,
    place=PlaceRule(need="none"),
    identity=IdentityRule(modes=("anonymous",), contact=False),
    opened_by="town",
    operation=Operation(ends_on="ends_on"),
)


@pytest.fixture(scope="module")
def whole_app(compiled_templates, modules):
    plugins = [DiscoveredPlugin.of("town", plugin_of(SNOW, PLOWING, HOLE))]
    settings = Settings(territory=town_folder(), secret_key=SECRET, data=compiled_templates, worker=False)
    return create_app(settings, plugins, modules=modules)


@pytest.fixture
def app(whole_app, settings):
    deployment = whole_app.state.deployment
    host = replace(
        deployment.host.without(Declarations),
        engine=open_engine(settings.database_url),
        files=LocalFiles(settings.data / "files"),
    )
    whole_app.state.deployment = replace(deployment, settings=settings, host=host)
    whole_app.state.delays = Delays(seconds=0)
    return whole_app


@pytest.fixture
async def visitor(app):
    with clock.moved_to(NOW):
        async with visiting(app) as anyone:
            yield anyone


async def operation(host, ends_on="2026-11-26", **answers):
    raw = {"answers": {"ends_on": ends_on, **answers}, "requester": {"mode": "anonymous"}}
    receipt = await RequestService(host).submit("parvis", "plowing", raw, channel="phone", actor=ANA)
    assert isinstance(receipt, Receipt), receipt
    return receipt.reference


async def test_where_an_operation_is_under_way_it_is_offered_to_be_followed(browser, host):
    reference = await operation(host, zones=["plateau"])
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path.endswith("/reponse")
    assert "Déneigement : c’est en cours ici" in browser.text
    assert f'href="/fr/suivre/{reference}"' in browser.page.text
    await browser.send({"do": "insist"})
    assert browser.path == "/fr/demande/rues/neige/1"
    await browser.open("/fr/services/rues/neige")
    assert "En cours maintenant" in browser.text


@pytest.mark.parametrize("given", [{"zones": ["outremont"]}, {"ends_on": "2026-11-24"}], ids=["elsewhere", "late"])
async def test_an_operation_elsewhere_or_late_answers_nothing(browser, host, given):
    await operation(host, **given)
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path == "/fr/demande/rues/neige/1"


async def test_an_operation_that_is_over_answers_nothing(browser, host):
    reference = await operation(host)
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(host, reference, "close", {}, actor=ANA, mover="agent")
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path == "/fr/demande/rues/neige/1"


async def test_nobody_but_the_town_declares_an_operation(host, visitor):
    raw = {"answers": {"ends_on": "2026-11-26"}, "requester": {"mode": "anonymous"}}
    refused = await RequestService(host).submit("parvis", "plowing", raw, channel="api")
    assert isinstance(refused, Problems)
    assert refused.found[0].code == "not_offered"
    asked = await RequestService(host).submit(
        "parvis",
        "plowing",
        raw | {"answers": {"ends_on": "2026-11-26", "zones": ["nowhere"]}},
        channel="api",
        actor=ANA,
    )
    assert isinstance(asked, Problems)
    assert asked.found[0].path == "answers.zones"


async def test_where_the_module_is_off_nothing_is_offered_to_be_followed_and_no_zone_is_asked(browser, host):
    await operation(host, zones=["plateau"])
    await switch(host, "off")
    await browser.open("/fr/demande/rues/neige")
    await browser.send(PLATEAU)
    assert browser.path == "/fr/demande/rues/neige/1"
    await browser.open("/fr/services/rues/neige")
    assert "En cours maintenant" not in browser.text
    with pytest.raises(AssertionError):
        await operation(host, zones=["plateau"])
    assert await operation(host)


async def test_the_page_of_a_service_asks_once_what_is_under_way(browser, host):
    with counted() as snow:
        await browser.open("/fr/services/rues/neige")
    await switch(host, "off")
    with counted() as quiet:
        await browser.open("/fr/services/rues/neige")
    assert snow.count - quiet.count == 1
