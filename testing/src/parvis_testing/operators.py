"""The operators' pages of a running application, for people with and without the right."""

import re
from contextlib import asynccontextmanager

import httpx
import pytest

from parvis.app import create_app
from parvis.example_towns import town_folder
from parvis.outbox import listing
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.requests.request_service import RequestService
from parvis.settings import read_settings
from parvis_testing.modules import switch
from parvis_testing.town import with_own_deployment

HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
BOTH = (Grant(role="operator", jurisdiction="parvis"), Grant(role="operator", jurisdiction="rivemont"))


class Site:
    """The application and the browser of one person."""

    def __init__(self, app, http):
        self.app, self.http = app, http
        self.host = app.state.deployment.host

    async def account(self, email="karim@parvis.example", *, grants=BOTH, language="fr", name="Karim Diallo"):
        return await add_agent(
            self.host.engine, email=email, name=name, password="quatre chevaux verts", language=language, grants=grants
        )

    async def sign_in(self, *given, **options):
        person = await self.account(*given, **options)
        self.http.cookies.set("parvis_session", await begin_session(self.host.engine, person.id, "tests"))
        return person

    async def get(self, path="", **params):
        return await self.http.get(f"/exploitation{path}", params=params or None)

    async def page(self, path="", **params):
        answer = await self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path, page, **sent):
        """Presses a button of the form on the page."""
        files = {name: sent.pop(name) for name in list(sent) if isinstance(sent[name], tuple)}
        token = re.search(r'name="_csrf" value="([^"]+)"', await self.page(page))[1]
        return await self.http.post(f"/exploitation{path}", data={"_csrf": token, **sent}, files=files or None)

    async def deliveries(self, count=1):
        """Files requests whose deliveries are waiting."""
        for _ in range(count):
            raw = {
                "language": "fr",
                "answers": {"danger": False},
                "place": HERE,
                "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"},
            }
            await RequestService(self.host).submit("parvis", "hole", raw, channel="portal")
        return [line for line in await listing() if line.subscriber == "town.tell"]


@asynccontextmanager
async def visiting(app):
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    address = app.state.deployment.settings.address
    browser = httpx.AsyncClient(transport=transport, base_url=address, headers={"accept": "text/html"})
    async with app.lifespan(), browser as http:
        yield Site(app, http)


@asynccontextmanager
async def opened(settings, plugins, modules=None):
    """An application for one test, with its modules on."""
    async with visiting(create_app(settings, plugins=plugins, modules=modules)) as site:
        await switch(site.host, "on")
        yield site


def settings_on(**given):
    return read_settings(None, {"PARVIS_SECRET_KEY": "s" * 40}, territory=town_folder(), worker=False, **given)


@pytest.fixture
def settings(database_url, tmp_path, jurisdictions, monkeypatch):
    monkeypatch.setattr(
        "parvis.deployment.load_jurisdictions", lambda folder, files: jurisdictions
    )  # the same towns, read once
    return settings_on(data=tmp_path, database=database_url)


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory, town_plugin, modules):
    """The application, made once because making it takes longer than most tests."""
    return create_app(settings_on(data=tmp_path_factory.mktemp("whole")), plugins=[town_plugin], modules=modules)


@pytest.fixture(scope="session")
def first_state(whole_app):
    """The state of the application before its first call."""
    return whole_app.state.dict()


@pytest.fixture
async def site(settings, whole_app, first_state):
    """The application with a new host for this test, with its modules on."""
    with_own_deployment(whole_app, first_state, settings)
    async with visiting(whole_app) as site:
        await switch(site.host, "on")
        yield site
