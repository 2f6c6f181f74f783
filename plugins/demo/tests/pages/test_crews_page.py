"""The page of the road crews' system, seen through the whole application."""

import re
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from msgspec.structs import replace

from parvis import clock
from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.settings import Settings
from parvis_demo.commands import welcome
from parvis_demo.crews.book import Book, Call, RequestExcerpt
from parvis_demo.crews.connecting import road_crews
from parvis_demo.crews.system import Crews
from parvis_sdk.text import Text
from parvis_testing.modules import switch
from parvis_testing.town import with_own_deployment

FRENCH = {"accept": "text/html", "accept-language": "fr"}


@pytest.fixture
def crews(tmp_path):
    crews = Crews(Book(tmp_path / "crews.json"), b"a key of the road crews, 32 bytes")
    crews.become("well")
    yield crews
    crews.end()


@pytest.fixture(scope="module")
def whole_app(tmp_path_factory, modules):
    """The application made once, and what it holds before its first call."""
    settings = Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters or more",
        data=tmp_path_factory.mktemp("whole"),
        worker=False,
    )
    app = create_app(settings, plugins=[], modules=modules)
    return app, app.state.dict()


@pytest.fixture
def opened(database_url, tmp_path, whole_app):
    @asynccontextmanager
    async def open_app(crews, demo=True, state="on"):
        app, first = whole_app
        with_own_deployment(
            app, first, replace(first["deployment"].settings, data=tmp_path, database=database_url, demo=demo)
        )
        app.state.crews = crews
        transport = httpx.ASGITransport(app=app)
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
            await switch(app.state.deployment.host, state)
            yield http

    return open_app


def told(crews, id="e1", what="request.submitted", late=0):
    title = Text(fr="<Nid-de-poule>", en="Pothole")
    data = RequestExcerpt(
        reference="7K3M-9QXT-4", request_type_title=title, state_title=Text(fr="Reçue", en="Received")
    )
    crews.book.take(Call(id=id, type=what, timestamp=clock.now() - timedelta(minutes=late), data=data), clock.now())


async def test_what_came_is_listed_newest_first_with_its_place_and_signature(opened, crews):
    told(crews, "e1")
    told(crews, "e2", "request.moved")
    told(crews, "e2", "request.moved")
    told(crews, "e3", "request.noted", late=3)
    crews.book.disbelieve(clock.now())
    async with opened(crews) as http:
        page = (await http.get("/demo/equipes", headers=FRENCH)).text
    assert "Le système des équipes de voirie" in page
    assert page.index("fausse\u00a0: rejetée") < page.index("une étape a été franchie") < page.index("a été reçue")
    assert "&lt;Nid-de-poule&gt;" in page
    assert "reçu encore 1 fois, ignoré" in page
    assert page.count("vérifiée") == 3
    assert page.count("plus tard") == 1
    assert "connecteurs" not in page  # no module is here that would answer there
    assert "3 minutes plus tard" in page.replace("\u00a0", " ")  # which of both, Babel decides
    assert 'href="/bureau/requete/7K3M-9QXT-4"' in page


async def test_the_page_is_in_english_too(opened, crews):
    async with opened(crews) as http:
        page = (await http.get("/demo/equipes", headers={"accept": "text/html", "accept-language": "en"})).text
    assert "The road crews’ system" in page
    assert "It has received nothing yet." in page


async def test_the_weather_is_changed_by_a_form_and_by_nothing_else(opened, crews):
    async with opened(crews) as http:
        page = (await http.get("/demo/equipes", headers=FRENCH)).text
        token = re.search(r'name="_csrf" value="([^"]+)"', page).group(1)
        changed = await http.post("/demo/equipes/temps", data={"_csrf": token, "weather": "busy"})
        assert (changed.status_code, changed.headers["location"]) == (303, "/demo/equipes")
        assert crews.weather == "busy"
        assert "il demande d’attendre" in (await http.get("/demo/equipes", headers=FRENCH)).text
        await http.post("/demo/equipes/temps", data={"_csrf": token, "weather": "sunny"})
        assert crews.weather == "busy"
        await http.post("/demo/equipes/temps", data={"weather": "well"})
        assert crews.weather == "busy"


@pytest.mark.parametrize("there", [True, False])
async def test_outside_a_demonstration_and_without_the_system_the_page_is_closed(opened, crews, there):
    async with opened(crews if there else None, demo=not there) as http:
        assert (await http.get("/demo/equipes")).status_code == 404


async def test_where_the_module_is_off_the_page_is_closed(opened, crews):
    async with opened(crews, state="off") as http:
        assert (await http.get("/demo/equipes")).status_code == 404


def test_the_welcome_names_their_page_where_they_are(crews):
    settings = Settings(territory=town_folder(), secret_key="s" * 40, demo=True)
    assert "http://127.0.0.1:8000/demo/equipes" in welcome(settings, crews)
    assert "/demo/equipes" not in welcome(settings, None)


def test_without_the_plugin_the_demonstration_has_no_crews(tmp_path, monkeypatch):
    monkeypatch.setattr("parvis_demo.crews.connecting.find_spec", lambda name: None)
    with road_crews(tmp_path) as crews:
        assert crews is None
    assert list(tmp_path.iterdir()) == []
