"""A village with reports alone: its desk has five lines at most, and nothing speaks of what it does not have."""

import json
import re

import pytest

from parvis.api.operations import operations_of
from parvis.app import create_app
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.modules import NO_MODULES, part
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.module_discovery import find_modules
from parvis.settings import Settings
from parvis_reports import plugin as reports
from parvis_testing.desk import ZOE, running
from parvis_testing.jurisdictions import SmallTown

from .crawled import gone, opened_from

PLACE = {"lon": -73.58, "lat": 45.53, "address": "12, rue des Érables"}
RAW = {
    "language": "fr",
    "answers": {"size": "medium", "surface": "lane", "danger": False},
    "place": PLACE,
    "requester": ZOE,
}
LINE = re.compile(r'<a [^>]*href="(/[^"]*)"')
BAR = re.compile(r'<nav[^>]*aria-label="Principale?".*?</nav>|<nav.*?</nav>', re.S)
SUMMARY = re.compile(r"<details.*?</details>", re.S)
NOT_OF_A_VILLAGE = re.compile(
    r"\b(permis (?:de|d’)|certificats?|inspections?|inspecter|frais à payer|paiements?|subventions?|avis demandés?|"
    r"vérifier un document|ordonnances?|compléments?|tableau de bord)\b",
    re.IGNORECASE,
)
NOT_OF_ITS_API = re.compile(
    r"(?<![a-z])(fees?|charges?|paid|payments?|refunds?|documents?|certificates?|inspections?|visits?|opinions?|reviews?|"
    r"supplements?|incidents?|absences?|dashboards?|granted|grants?|permits?|validit(?:y|ies)|obligations?|transfers?|"
    r"deadlines?|service[ -]levels?)(?![a-z])",
    re.IGNORECASE,
)
PAYMENTS, VERIFY = "/exploitation/paiements", "/fr/verifier"
PARTS = ("/bureau/echeances",)


@pytest.fixture
def village(tmp_path):
    town = SmallTown(tmp_path / "territory")
    town.edit("essai/jurisdiction.toml", "[brand]", 'plugins = ["reports"]\n\n[brand]')
    return town


@pytest.fixture
async def desk(village, own_url, tmp_path):
    settings = Settings(
        territory=village.folder,
        secret_key="s" * 40,
        data=tmp_path,
        database=own_url,
        worker=False,
        log_level="error",
    )
    app = create_app(settings, [DiscoveredPlugin.of("reports", reports)], modules=NO_MODULES)
    async with running(app) as there:
        yield there


def lines(page):
    """The lines of the menu, each group of them as one, and whatever stands in them."""
    menu = next(found for found in BAR.findall(page) if "/bureau" in found)
    return len(SUMMARY.findall(menu)) + len(LINE.findall(SUMMARY.sub("", menu))), LINE.findall(menu)


async def test_an_agent_has_four_lines_and_none_of_what_the_village_does_not_have(desk):
    clerk = await desk.signed_in("agent", "roads", jurisdiction="essai")
    count, inside = lines((await clerk.get("/bureau")).text)
    assert count == 4
    assert inside == [
        "/bureau",
        "/bureau/pour-moi",
        "/bureau/non-remis",
        "/bureau/ce-qui-traine",
    ]


async def test_a_manager_has_four(desk):
    clerk = await desk.signed_in("manager", jurisdiction="essai")
    count, inside = lines((await clerk.get("/bureau")).text)
    assert count == 4
    assert not {*inside} & {
        *PARTS,
        "/bureau/tableau",
        "/bureau/absences",
        "/bureau/visites",
        "/bureau/taches",
        "/bureau/incidents",
        "/bureau/avis",
    }


async def test_no_page_that_is_reached_speaks_of_it(desk):
    receipt = await desk.counter.submit("essai", "pothole", RAW, channel="portal")
    people = {
        "manager": ("/bureau", "/bureau/compte", f"/bureau/requete/{receipt.reference}"),
        "operator": ("/exploitation",),
        "stranger": ("/fr", f"/fr/suivi/{receipt.reference}?cle={receipt.key}"),
    }
    answers, spoken = {}, set()

    def read(path, page):
        text = re.sub(r"<[^>]+>", " ", page)
        spoken.update((path, found.lower()) for found in NOT_OF_A_VILLAGE.findall(text))

    for who, starts in people.items():
        clerk = await desk.signed_in(who, jurisdiction="essai") if who != "stranger" else desk.browser()
        answers[who] = await opened_from(clerk, *starts, read=read)
    assert gone(answers) == set()
    assert spoken == set()
    assert not {PAYMENTS, VERIFY} & {path for pages in answers.values() for path in pages}


async def test_the_api_tells_of_no_module(desk):
    paths = (await desk.browser().http.get("/api/v1/openapi.json")).json()["paths"]
    described = {(method, path) for path, methods in paths.items() for method in methods}
    with_api = (each for each in find_modules().modules if each.module.api)
    theirs = {(one.method, one.path) for each in with_api for one in operations_of((part(each.module.api),), each.name)}
    assert len(theirs) > 5
    assert ("post", "/requests") in described
    assert not theirs & described


async def test_no_word_of_the_api_is_of_a_module(desk):
    """Nor any name of a field: a program that is written for a village reads nothing that it cannot meet there."""
    told = (await desk.browser().http.get("/api/v1/openapi.json")).text
    # What an example says in French ("Prise en charge") is no English word.
    described = json.dumps(json.loads(told, object_hook=lambda found: found | {"fr": ""} if "fr" in found else found))
    assert "reference" in described
    assert [described[max(found.start() - 60, 0) : found.end()] for found in NOT_OF_ITS_API.finditer(described)] == []


async def test_its_database_has_no_table_of_a_module(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/empty.sqlite")
    bind(engine, modules=NO_MODULES)
    await migrate(engine, NO_MODULES)
    there = {row["name"] for row in await engine.send("SELECT name FROM sqlite_master WHERE type = 'table'", [])}
    await engine.close()
    theirs = {name for each in find_modules().modules for name in each.table_names}
    assert "service_request" in there
    assert theirs
    assert not there & theirs
