"""What residents read of the services of the demo town: told apart by title and icon, and each thing asked once."""

import html
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path

import httpx
import pytest

import parvis
from parvis.app import create_app
from parvis.deployment import built_in_plugins, open_deployment
from parvis.example_towns import town_folder
from parvis.plugins.discovery import find_plugins
from parvis.plugins.loading import load_plugins
from parvis.settings import Settings
from parvis_sdk.fields import AnyField, Group, Information
from parvis_sdk.request_types import RequestType
from parvis_testing.modules import switch

HOST = "http://127.0.0.1:8000"
LANGUAGES = ("fr", "en")
ICONS = Path(parvis.__file__).parent / "web" / "templates" / "macros" / "icons.html"
OF_A_SERVICE = r'href="(/{}/(?:demande|request|services)/[\w-]+/[\w-]+)"'


@pytest.fixture(scope="module")
def types() -> list[RequestType]:
    """The types that residents may ask for, of every plugin that is installed."""
    every = load_plugins(find_plugins(built_in_plugins())[0]).request_types.values()
    offered = [each for each in every if each.opened_by == "anyone"]
    assert len(offered) > 10
    return offered


@pytest.fixture(scope="module")
async def resident(database_of_module, tmp_path_factory) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path_factory.mktemp("told_apart"),
        database=database_of_module,
        base_url=HOST,
        worker=False,
        log_level="error",
        plugins={"notify": {"mode": "mailbox"}},
    )
    async with open_deployment(settings, migrating=True) as deployment:
        await switch(deployment.host, "on")
    app = create_app(settings)
    async with app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOST) as client:
        yield client


def twice(said: Iterable[str]) -> list[str]:
    return [each for each, times in Counter(said).items() if times > 1]


def test_no_two_services_have_one_picture(types):
    """Names that stand for one drawing count as one, and so does a name without a drawing."""
    text = ICONS.read_text("utf-8")
    shapes, aliases = text.split("{% set ALIASES")
    drawn = dict(re.findall(r'"(\w+)": \'(<.+?)\',?\n', shapes))
    alias = dict(re.findall(r'"(\w+)": "(\w+)"', aliases.splitlines()[0]))
    icons = {each.code: each.icon or each.theme.icon for each in types}
    assert {code: name for code, name in icons.items() if alias.get(name, name) not in drawn} == {}
    assert twice(drawn[alias.get(name, name)] for name in icons.values()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_services_have_one_title(types, language):
    assert twice(each.title.to(language) for each in types) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_asks_one_question_twice(types, language):
    """The place, too, is a question: no other has its words."""
    asked = {
        each.code: twice(
            [each.place.label.to(language) if each.place.label else "", *_labels(_all_fields(each), language)]
        )
        for each in types
    }
    assert {code: words for code, words in asked.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_two_pages_have_one_title(resident, language):
    """From the first page to each service and its form."""
    pages = [f"/{language}"]
    home = (await resident.get(pages[0])).text
    for found in dict.fromkeys(re.findall(OF_A_SERVICE.format(language), home)):
        way = found.split("/")
        pages += ["/".join([*way[:2], door, *way[3:]]) for door in _doors(language)]
    assert len(pages) > 20
    titles = {}
    for page in pages:
        answer = await resident.get(page)
        assert answer.status_code == 200, page
        titles[page] = html.unescape(re.search(r"<title>(.*?)</title>", answer.text, re.S)[1])
    shared = twice(titles.values())
    assert {page: title for page, title in titles.items() if title in shared} == {}


@pytest.mark.parametrize(
    ("language", "service", "days"),
    [
        ("fr", "/fr/services/rues-et-trottoirs/nid-de-poule", "quinze jours suivant les dommages"),
        ("en", "/en/services/streets-and-sidewalks/pothole", "fifteen days of the damage"),
    ],
)
async def test_the_days_to_claim_for_a_damaged_car_stand_in_the_form_and_beside_their_link(
    resident, language, service, days
):
    form = (await resident.get(service.replace("/services/", f"/{_doors(language)[0]}/"))).text
    assert days in html.unescape(form)
    assert f"{service}#answer-damaged_car" in form
    answer = html.unescape((await resident.get(service)).text).partition('id="answer-damaged_car"')[2]
    assert days in answer.partition("</div>")[0]
    assert 'href="https://parvis.example/reclamations"' in answer.partition("</div>")[0]


def _doors(language: str) -> tuple[str, str]:
    return ("demande" if language == "fr" else "request", "services")


def _all_fields(request_type: RequestType) -> Iterator[AnyField]:
    for section in request_type.form.sections:
        yield from section.fields


def _labels(fields: Iterable[AnyField], language: str) -> Iterator[str]:
    for field in fields:
        if isinstance(field, Group):
            yield from _labels(field.fields, language)
        elif not isinstance(field, Information):
            yield field.label.to(language)
