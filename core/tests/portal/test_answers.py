"""Answers before forms: what the page of a service says, how long it takes, and which answers were enough."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

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
from parvis_sdk.about import About, Answer, Operation, Scheduled
from parvis_sdk.fields import PUBLIC, Date, OneOf, Option, Photo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, ServiceLevel, Visibility
from parvis_testing.deflections import deflections
from parvis_testing.portal import SECRET, visiting
from parvis_testing.services import HOLE, LIFE, plugin_of, said

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)  # a Wednesday, eleven in the morning here
PLATEAU = {"place.address": "4001, rue Berri", "place.lon": "-73.5727", "place.lat": "45.5227"}
ON_THE_PLATEAU = {"lon": -73.5727, "lat": 45.5227, "address": "4001, rue Berri"}
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
STREAM = OneOf(
    code="stream",
    label=said("Quoi?", "What?"),
    options=(
        Option(code="garbage", label=said("Ordures", "Garbage")),
        Option(code="recycling", label=said("Recyclage", "Recycling")),
    ),
)
DAY = Date(code="day", label=said("Quel jour?", "Which day?"), latest=0)
MISSED = structs.replace(
    HOLE,
    code="missed",
    title=said("Collecte manquée", "Missed collection"),
    slug=said("collecte-manquee", "missed-collection"),
    form=Form(
        sections=(
            Section(code="what", title=said("Quoi", "What"), fields=(STREAM,)),
            Section(code="when", title=said("Quand", "When"), fields=(DAY,)),
            Section(
                code="more",
                title=said("Photos", "Photos"),
                fields=(Photo(code="photos", label=said("Photos du bac", "Photos of the bin"), required=False),),
            ),
        )
    ),
    service_levels=(
        ServiceLevel(code="sorting", title=said("Tri", "Sorting"), business_days=7, until="in_progress", internal=True),
    ),
    eligibility=None,
    identity=IdentityRule(modes=("anonymous",)),
    visibility=Visibility(similar_within=0),
    about=About(
        who=said("Les résidents.", "Residents."),
        answers=(
            Answer(
                code="hours",
                question=said("À quelle heure?", "At what time?"),
                answer=said("À sept heures.", "At seven."),
            ),
        ),
    ),
    scheduled=Scheduled(
        schedule="collections",
        stream="stream",
        day="day",
        insist=said("C’était pourtant le bon jour", "It was the right day all the same"),
    ),
)
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
def whole_app(compiled_templates):
    plugins = [DiscoveredPlugin.of("town", plugin_of(MISSED, SNOW, PLOWING, HOLE))]
    return create_app(
        Settings(territory=town_folder(), secret_key=SECRET, data=compiled_templates, worker=False), plugins
    )


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


async def test_the_page_of_a_service_says_what_its_form_and_its_author_say(browser):
    await browser.open("/fr/services/rues/collecte-manquee")
    for words in (
        "Les résidents.",
        "À quelle heure?",
        "À sept heures.",
        "Photos du bac",
        "Je reste anonyme",
        "Gratuit",
        "Toute l’année",
        "Cela dépend de chaque requête.",  # the town keeps its seven days for itself
    ):
        assert words in browser.text, words
    assert "La moitié des requêtes" not in browser.text  # too few to say
    assert 'href="/fr/demande/rues/collecte-manquee"' in browser.page.text
    assert 'hreflang="en-CA" href="/en/services/streets/missed-collection"' in browser.page.text


async def test_the_page_of_a_service_asks_at_most_one_thing_of_the_database_and_that_rarely(app, browser):
    app.state.delays = Delays()
    with counted() as first:
        await browser.open("/fr/services/rues/collecte-manquee")
    with counted() as second:
        await browser.open("/fr/services/rues/collecte-manquee")
    assert (first.count, second.count) == (1, 0)
    with counted() as snow:
        await browser.open("/fr/services/rues/neige")
    assert snow.count == 1  # how long it takes


async def test_delays_are_told_once_enough_requests_are_closed(browser, host):
    raw = {"answers": {"size": "small", "danger": False}, "place": ON_THE_PLATEAU, "requester": {"mode": "anonymous"}}
    references = []
    with clock.moved_to(NOW - timedelta(days=9)) as time:  # a Monday
        for number in range(10):
            receipt = await RequestService(host).submit(
                "parvis", "snow", raw, channel="portal", idempotency_key=f"n{number}"
            )
            references.append(receipt.reference)
        time.forward(hours=48)
        for reference in references:
            await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
            await make_move(host, reference, "close", {}, actor=ANA, mover="agent")
    await browser.open("/fr/services/rues/neige")
    assert "La moitié des requêtes : en 2 jours ouvrables" in browser.text
    assert "Compté sur les 10 dernières requêtes" in browser.text


async def test_an_answer_that_was_enough_is_counted_and_nothing_else_is_kept(browser, host):
    await browser.open("/fr/services/rues/collecte-manquee")
    await browser.send({"answer": "hours"})
    assert "Merci, c’est noté." in browser.text
    assert await deflections("parvis", "missed") == {"answer:hours": (0, 1, 0)}
    await browser.open("/en/services/streets/missed-collection")
    await browser.send({"answer": "made-up"})
    assert browser.status == 404
    assert await deflections("parvis", "missed") == {"answer:hours": (0, 1, 0)}


async def test_a_service_of_the_town_itself_has_no_page_and_no_form(browser):
    assert (await browser.open("/fr/services/rues/operation")).status == 404
    assert (await browser.open("/fr/demande/rues/operation")).status == 404
    await browser.open("/fr/services")
    assert "Déneigement" not in browser.text
