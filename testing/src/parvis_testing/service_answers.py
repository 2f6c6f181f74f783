"""Services with answers before their form (missed collection, snow), on a town's portal on a Wednesday."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from litestar import Litestar
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.modules import ModuleRegistry
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.lists.usual_delays import Delays
from parvis.settings import Settings
from parvis_sdk.about import About, Answer, Operation, Scheduled
from parvis_sdk.fields import PUBLIC, Date, OneOf, Option, Photo
from parvis_sdk.forms import Form, Section
from parvis_sdk.request_types import IdentityRule, PlaceRule, ServiceLevel, Visibility
from parvis_testing.portal import SECRET, visiting, with_own_host
from parvis_testing.services import HOLE, LIFE, plugin_of, said
from parvis_testing.visitors import Browser

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
def whole_app(compiled_templates: Any, modules: ModuleRegistry) -> Litestar:
    """A town with these services, made once for a test file."""
    plugins = [DiscoveredPlugin.of("town", plugin_of(MISSED, SNOW, PLOWING, HOLE))]
    settings = Settings(territory=town_folder(), secret_key=SECRET, data=compiled_templates, worker=False)
    return create_app(settings, plugins, modules=modules)


@pytest.fixture
def app(whole_app: Litestar, settings: Settings) -> Litestar:
    """The application with a new host for this test, which recalculates usual response times at each page."""
    with_own_host(whole_app, settings).state.delays = Delays(seconds=0)
    return whole_app


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[Callable[..., Browser]]:
    """Any number of visitors, on that Wednesday."""
    with clock.moved_to(NOW):
        async with visiting(app) as anyone:
            yield anyone
