"""The portal of a small town: its application, visitors, and a request that one of them filed."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from litestar import Litestar

from parvis.app import create_app
from parvis.composition import Deployment
from parvis.db.binding import open_engine
from parvis.example_towns import town_folder
from parvis.files import LocalFiles
from parvis.modules import ModuleRegistry
from parvis.people.throttle import Pace
from parvis.plugins import DiscoveredPlugin
from parvis.requests.actors import Actor
from parvis.requests.attached.antivirus import UploadGuard
from parvis.requests.declarations import Declarations
from parvis.requests.lifecycle import make_move
from parvis.requests.request_service import RequestService
from parvis.settings import Settings
from parvis_testing.browsing import served
from parvis_testing.modules import switch
from parvis_testing.services import HOLE, LAMPS, NOISE, REPORT, plugin_of
from parvis_testing.visitors import HOST, Browser

SECRET = "a secret of more than thirty-two characters"
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
OTHER_HOST = "http://localhost"
HERE = {"place.address": "4563, rue Saint-Urbain", "place.lon": "-73.585", "place.lat": "45.522"}


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def settings(database_url: str, tmp_path: Any) -> Settings:
    return Settings(
        territory=town_folder(),
        secret_key=SECRET,
        base_url=HOST,
        data=tmp_path,
        database=database_url,
        worker=False,
    )


@pytest.fixture(scope="session")
def whole_app(compiled_templates: Any, modules: ModuleRegistry) -> Litestar:
    """The application, made once; each test gives it a new host."""
    plugins = [
        DiscoveredPlugin.of("town", plugin_of(HOLE, LAMPS, NOISE)),
        DiscoveredPlugin.of("reports", plugin_of(REPORT)),
    ]
    settings = Settings(
        territory=town_folder(), secret_key=SECRET, base_url=HOST, data=compiled_templates, worker=False
    )
    return create_app(settings, plugins, modules=modules)


@pytest.fixture
async def url(app: Litestar) -> AsyncIterator[str]:
    """The address of the town for a real browser."""
    async with served(app) as address:
        await switch(app.state.deployment.host, "on")
        yield address


def with_own_host(
    app: Litestar, settings: Settings, *forgotten: type, deployment: Deployment | None = None
) -> Litestar:
    """The application with a new host for one test, with these caches cleared.

    `deployment` is what it is made from, where a test may have changed the one that the application holds.
    """
    made: Deployment = deployment or app.state.deployment
    host = replace(
        made.host.without(Declarations, Pace, *forgotten),
        engine=open_engine(settings.database_url),
        files=LocalFiles(settings.data / "files"),
    )
    app.state.deployment = replace(made, settings=settings, host=host)
    return app


@pytest.fixture
def app(whole_app: Litestar, settings: Settings) -> Litestar:
    return with_own_host(whole_app, settings, UploadGuard)


@asynccontextmanager
async def visiting(app: Litestar) -> AsyncIterator[Callable[..., Browser]]:
    """Any number of visitors, each with their own cookies."""
    transport = httpx.ASGITransport(app=app)
    async with app.lifespan():
        await switch(app.state.deployment.host, "on")
        yield lambda host=HOST: Browser(httpx.AsyncClient(transport=transport), host)


@pytest.fixture
async def visitor(app: Litestar) -> AsyncIterator[Callable[..., Browser]]:
    async with visiting(app) as anyone:
        yield anyone


@pytest.fixture
def browser(visitor: Callable[..., Browser]) -> Browser:
    return visitor()


@pytest.fixture
def host(app: Litestar) -> Any:
    return app.state.deployment.host


@pytest.fixture
def jpeg() -> bytes:
    from io import BytesIO

    from PIL import Image

    content = BytesIO()
    Image.new("RGB", (640, 480), "#336699").save(content, "JPEG")
    return content.getvalue()


@pytest.fixture
async def submit(host: Any, visitor: Any) -> Callable[..., Any]:
    async def submitted(type: str = "hole", **given: Any) -> Any:
        raw = {
            "language": "fr",
            "answers": {
                "hole": {"size": "small", "danger": False},
                "din": {"words": "Une scie."},
                "lamps": {"lamps": [{"number": "A-1"}], "agree": True},
            }[type],
            "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
            "requester": {
                "mode": "confidential" if type == "din" else "named",
                "name": "Zoé Côté",
                "email": "zoe@exemple.ca",
                "phone": "514 555-0101",
            },
        }
        return await RequestService(host).submit("parvis", type, raw | given, channel="portal")

    return submitted


@pytest.fixture
async def opened(browser: Browser, submit: Any) -> tuple[Browser, Any]:
    """A browser on the private view of a fresh request."""
    receipt = await submit()
    await browser.open(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
    return browser, receipt


async def moved(host: Any, reference: str, *codes: str, **raw: Any) -> None:
    for code in codes:
        await make_move(host, reference, code, raw if code == codes[-1] else {}, actor=ANA, mover="agent")
