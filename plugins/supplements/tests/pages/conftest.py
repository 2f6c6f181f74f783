"""A town whose files are completed by their requesters: one browser at the desk, one at home, no scripts."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from litestar import Litestar
from msgspec import structs

from parvis import clock
from parvis.app import create_app
from parvis.composition import Deployment
from parvis.example_towns import town_folder
from parvis.modules import ModuleRegistry
from parvis.people.agents import Grant, add_agent
from parvis.people.sessions import begin_session
from parvis.plugins import DiscoveredPlugin
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.attached.receiving import receive_file
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_testing.modules import switch
from parvis_testing.portal import SECRET, visiting, with_own_host
from parvis_testing.services import plugin_of
from parvis_testing.visitors import HOST, Browser

from ..filing import LEGAL

HERE = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"}
ZOE = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
NEXT = clock.now().year + 1  # a file is opened today; what it asks for begins in a year that is still to come
BEGINS = f"{NEXT}-10-03"


@pytest.fixture(scope="session")
def whole_app(tmp_path_factory: pytest.TempPathFactory, modules: ModuleRegistry) -> Litestar:
    """The application made once; each test gives it a host of its own."""
    data = tmp_path_factory.mktemp("supplements")
    settings = Settings(territory=town_folder(), secret_key=SECRET, base_url=HOST, data=data, worker=False)
    return create_app(settings, [DiscoveredPlugin.of("town", plugin_of(LEGAL))], modules=modules)


@pytest.fixture(scope="session")
def whole_host(whole_app: Litestar) -> Deployment:
    """As it was made: a test may take its plugins away."""
    deployment: Deployment = whole_app.state.deployment
    return deployment


@pytest.fixture
def app(whole_app: Litestar, whole_host: Deployment, database_url: str, tmp_path: Any) -> Litestar:
    settings = structs.replace(whole_host.settings, data=tmp_path, database=database_url)
    return with_own_host(whole_app, settings, UploadGuard, deployment=whole_host)


class Office:
    """The town, the people in it, and one request that is to be completed."""

    def __init__(self, app: Litestar, visitor: Any, plan: bytes) -> None:
        self.app, self.host, self.visitor, self.plan = app, app.state.deployment.host, visitor, plan
        self.reference, self.key = "", ""

    async def submit(self, **answers: Any) -> None:
        first = await receive_file(self.host, "first", "plan", "plan-1.pdf", self.plan)
        given = {"work": "shed", "begins": BEGINS, "plan": [first.id], "owner": "Zoé Côté"} | answers
        raw = {"language": "fr", "answers": given, "place": HERE, "requester": ZOE}
        receipt = await RequestService(self.host).submit("parvis", "file", raw, channel="portal", holder="first")
        self.reference, self.key = receipt.reference, receipt.key

    async def record(self) -> Any:
        return await find(self.host, self.reference)

    async def at_home(self) -> Browser:
        return await self.visitor().open(f"/fr/suivi/{self.reference}?cle={self.key}")

    async def at_the_desk(self, role: str = "agent", name: str = "Ana Tremblay") -> Browser:
        grants = (Grant(role=role, jurisdiction="parvis", unit=""),)
        email = f"{name.replace(' ', '.')}@parvis.example"
        person = await add_agent(self.host.engine, email=email, name=name, password="quatre chevaux", grants=grants)
        browser = self.visitor()
        browser.http.cookies.set("parvis_session", await begin_session(self.host.engine, person.id, "Tests"))
        return browser


@pytest.fixture
async def office(app: Litestar, plan: bytes) -> AsyncIterator[Office]:
    async with visiting(app) as visitor:
        await switch(app.state.deployment.host, "on")
        made = Office(app, visitor, plan)
        await made.submit()
        yield made


@pytest.fixture(scope="session")
def plan() -> bytes:
    """A PDF of one empty page."""
    import io

    import pikepdf

    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written, static_id=True)
    return written.getvalue()
