"""The desk of a running application, with agents of several roles in browsers without scripts."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import httpx
import pytest
from litestar import Litestar
from msgspec import structs

from parvis.app import create_app
from parvis.composition import Deployment
from parvis.db.binding import open_engine
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.i18n import Catalogues, gettext, ngettext
from parvis.people.agents import Grant, Person, add_agent
from parvis.people.sessions import begin_session
from parvis.people.throttle import Pace
from parvis.plugins.module_discovery import find_modules
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.declarations import Declarations
from parvis.requests.records import Record, find
from parvis.requests.request_service import RequestService
from parvis.requests.work.presence import Presence
from parvis.settings import Settings
from parvis_testing.forms import version_in_form
from parvis_testing.modules import standing_in, switch

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
HOST = "http://127.0.0.1:8000"
PERSON_WORDS = "MOT-ENTRE-NOUS"
PASSWORD = "quatre chevaux verts"
PAGE = {"accept": "text/html,application/xhtml+xml"}
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"}


@cache
def everybody() -> Catalogues:
    """The catalogues of the host and of every module that is installed."""
    return Catalogues({each.name: each.locale for each in find_modules().modules if each.locale})


def said(message: str, language: str = "fr", **values: object) -> str:
    """A message of the interface from the catalogue, in one line like `Clerk.text`."""
    with everybody().speaking(language):
        return " ".join((gettext(message) % values if values else gettext(message)).split())


def counted_as(one: str, many: str, num: int) -> str:
    """The same for a plural message."""
    with everybody().speaking("fr"):
        return " ".join((ngettext(one, many, num) % {"num": num}).split())


class Clerk:
    """A member of staff in a browser: follows redirects and sends the token of the current page."""

    def __init__(self, http: httpx.AsyncClient, person: Person | None = None) -> None:
        self.http = http
        self.person = person
        self.page: httpx.Response | None = None

    async def get(self, path: str, **headers: str) -> httpx.Response:
        self.page = await self.http.get(path, headers=headers)
        return self.page

    async def post(self, path: str, **data: Any) -> httpx.Response:
        """Sends a form of the current page with its hidden version, as a browser does.

        Names may be written with double underscores for dots.
        """
        if self.page is None:
            await self.get("/bureau/compte")
        files = data.pop("files", None)
        hidden = {"_csrf": self.token, **version_in_form(self.page, path)}
        sent = {**hidden, **{name.replace("__", "."): value for name, value in data.items()}}
        self.page = await self.http.post(path, data=sent, files=files)
        return self.page

    @property
    def token(self) -> str:
        assert self.page is not None
        found = re.search(r'name="_csrf" value="([^"]+)"', self.page.text)
        return found[1] if found else ""

    @property
    def text(self) -> str:
        """The text of the page in one line, without tags."""
        assert self.page is not None
        return " ".join(re.sub(r"<[^>]+>", " ", self.page.text).split())


class Desk:
    """The application, its town, and its staff."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.deployment: Deployment = app.state.deployment
        self.host = self.deployment.host
        self.counter = RequestService(self.host)
        self.clients: list[httpx.AsyncClient] = []

    def browser(self, base_url: str = HOST, **options: Any) -> Clerk:
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.app),
            base_url=base_url,
            headers=PAGE,
            follow_redirects=options.pop("follow_redirects", True),
            **options,
        )
        self.clients.append(http)
        return Clerk(http)

    async def agent(
        self,
        role: str = "agent",
        unit: str = "",
        *,
        name: str = "Ana Tremblay",
        jurisdiction: str = "parvis",
        zones: tuple[str, ...] = (),
    ) -> Person:
        email = f"{role}.{unit or 'town'}.{jurisdiction}.{len(self.clients)}.{name.replace(' ', '.')}@parvis.example"
        grants = (Grant(role=role, jurisdiction=jurisdiction, unit=unit, zones=zones),)
        return await add_agent(self.host.engine, email=email, name=name, password=PASSWORD, grants=grants)

    async def signed_in(self, role: str = "agent", unit: str = "", **given: Any) -> Clerk:
        """A signed-in agent; the session starts without hashing a password."""
        person = await self.agent(role, unit, **given)
        clerk = self.browser()
        clerk.person = person
        clerk.http.cookies.set("parvis_session", await begin_session(self.host.engine, person.id, "Tests"))
        return clerk

    async def request(self, type: str = "hole", unit: str = "", **given: Any) -> Record:
        """Files a request for this unit."""
        raw: dict[str, Any] = {
            "language": "fr",
            "answers": {"danger": False, "words": "Un gros trou"} if type == "hole" else {"kind": "noise"},
            "place": HERE,
            "requester": ZOE | ({"mode": "confidential"} if type == "quarrel" else {}),
        }
        channel = given.pop("channel", "portal")
        receipt = await self.counter.submit("parvis", type, raw | given, channel=channel)
        if unit:
            await assign(self.host, receipt.reference, unit=unit, actor=ANA)
        return await self.record(receipt.reference)

    async def record(self, reference: str) -> Record:
        record = await find(self.host, reference)
        assert record is not None
        return record


def address(record: Record, *steps: str) -> str:
    """The address of a request at the desk, or of a page below it."""
    return "/".join(("/bureau/requete", record.reference, *steps))


@asynccontextmanager
async def running(app: Litestar) -> AsyncIterator[Desk]:
    async with app.lifespan():
        made = Desk(app)
        yield made
        for client in made.clients:
            await client.aclose()


@pytest.fixture
def settings(database_url, tmp_path) -> Settings:
    return Settings(
        territory=town_folder(),
        secret_key="a secret of thirty-two characters",
        data=tmp_path,
        database=database_url,
        worker=False,
        log_level="error",
    )


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory, town_plugin, modules) -> Litestar:
    """The application, made once because making it takes longer than most tests."""
    data = tmp_path_factory.mktemp("whole")
    given = Settings(territory=town_folder(), secret_key="a secret of thirty-two characters", data=data, worker=False)
    return create_app(given, plugins=[town_plugin], modules=modules)


@pytest.fixture(scope="session")
def whole_host(whole_app) -> Deployment:
    return whole_app.state.deployment


@pytest.fixture
async def desk(settings, whole_app, whole_host) -> AsyncIterator[Desk]:
    """The application with a new host for this test, with its modules on."""
    deployment: Deployment = whole_host
    files = LocalFiles(settings.data / "files")
    plugins = deployment.host.plugins
    own = structs.replace(plugins, by_name={**plugins.by_name}, request_types={**plugins.request_types})
    engine = open_engine(settings.database_url)
    host = replace(
        deployment.host.without(Declarations, *standing_in(deployment.host), Presence, Pace),
        engine=engine,
        files=files,
        plugins=own,
    )
    whole_app.state.deployment = replace(deployment, settings=settings, host=host)
    async with running(whole_app) as made:
        await switch(made.host, "on")
        yield made
