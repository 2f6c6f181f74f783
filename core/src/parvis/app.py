"""The web application: every room of the web and the API around one host, with one shell and one end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import msgspec
import structlog
from jinja2 import FileSystemLoader
from litestar import Litestar, Request, Response
from litestar.types import ExceptionHandlersMap
from msgspec import structs

from parvis import clock
from parvis.api import routing as api
from parvis.composition import Deployment
from parvis.db import DatabaseTrouble, NumberTooLarge
from parvis.declared import declared
from parvis.deployment import compose, running, with_folders
from parvis.i18n import gettext
from parvis.module_conflicts import without_clashes
from parvis.modules import PAGES, ModuleRegistry
from parvis.one_app import RouterOfOneApp
from parvis.plugins import DiscoveredPlugin
from parvis.settings import Settings
from parvis.web import desk, operators, portal, track
from parvis.web.around import around
from parvis.web.assets import asset_routes
from parvis.web.errors import EXCEPTION_HANDLERS, REFUSALS, answer
from parvis.web.installable import installable_routes
from parvis.web.mapping import ASKED_BY_TEMPLATES, territory_layer
from parvis.web.operators.measures import AnswerWatch
from parvis.web.pages import Pages
from parvis.web.places import Nouns, SlotItem
from parvis.web.ready import Ready
from parvis.web.sign_in import pages as sign_in
from parvis.web.strict import HungUp, strict, unless_away
from parvis_sdk.file_stores import FilesAway

WEB = "parvis.web"  # whose files declare what their pages answer, and what stands on others
PLAIN_BODY = 2_000_000
MEGABYTE = 1_000_000
AWAY_SECONDS = 20
log = structlog.get_logger("parvis.web")


def create_app(
    settings: Settings,
    plugins: Iterable[DiscoveredPlugin] | None = None,
    environ: Mapping[str, str] | None = None,
    modules: ModuleRegistry | None = None,
    beside: Iterable[Callable[[Litestar], AbstractAsyncContextManager[None]]] = (),
) -> Litestar:
    """The application of these settings; `plugins` and `modules` stand in for those installed, and what goes on
    `beside` ends before the database is closed.

    `app.state` holds `host`, `pages` and `stopping`, an event that whatever lasts (live pages, the relay) watches.
    """
    deployment = compose(settings, plugins, environ, modules, further=without_clashes)
    pages = pages_of(deployment)
    worn = shell()
    app = Litestar(
        route_handlers=[*worn.route_handlers, *rooms(deployment)],
        exception_handlers={
            **worn.exception_handlers,
            **REFUSALS,
            DatabaseTrouble: database_away,
            NumberTooLarge: too_large,
            FilesAway: files_away,
            HungUp: hung_up,
        },
        lifespan=[lifespan, *beside],
        request_max_body_size=PLAIN_BODY,
        openapi_config=None,
        logging_config=None,
    )
    nouns = Nouns(declared_by_all(deployment.modules))
    counters = {each.name: each.made() for each in nouns.of(AnswerWatch, "operators.answers")}
    watched = {"counters": counters, "began": clock.now()}
    app.state.update({"deployment": deployment, "pages": pages, "nouns": nouns, "stopping": asyncio.Event(), **watched})
    app.asgi_handler = around(strict(unless_away(app)), pages, counters, Ready(app.state))
    return app


def take_up(app: Litestar, deployment: Deployment) -> None:
    """Let an application that has served nobody yet serve another deployment: with the same modules its routes stay."""
    vars(app.state.pages).update(vars(pages_of(deployment)))  # which the middleware holds
    app.state.deployment = deployment


def pages_of(deployment: Deployment) -> Pages:
    settings, brought = deployment.settings, with_folders(deployment.plugins, deployment.modules)
    return Pages(
        jurisdictions=deployment.jurisdictions,
        secret=deployment.host.secret,
        catalogues=deployment.catalogues,
        plugin_templates={name: FileSystemLoader(each.templates) for name, each in brought.items() if each.templates},
        asked=ASKED_BY_TEMPLATES,
        town_templates=settings.templates,
        compiled=settings.data / "cache" / "templates",
        secure_cookies=settings.address.startswith("https:"),
    )


def rooms(deployment: Deployment) -> list[Any]:
    """What each room of the web answers, with its modules; pages may send files, the API only plain bodies."""
    modules, most = deployment.modules, deployment.settings.most_upload * MEGABYTE
    answers = [
        sign_in.routes(modules.packages("sign_in")),
        portal.routes(modules.packages("portal")),
        track.routes(modules.packages("resident")),
        desk.routes(modules.packages("desk")),
        operators.routes(modules.packages("operators")),
    ]
    pages = [
        RouterOfOneApp("/", route_handlers=each, request_max_body_size=most, include_in_schema=False)
        for each in answers
    ]
    return [*pages, *api.routes(modules)]


def declared_by_all(modules: ModuleRegistry) -> list[SlotItem]:
    """What the files of the web and those of modules declare for the slots of pages, with whose it is."""
    brought = [each for place in PAGES for each in modules.packages(place).items()]
    theirs = [structs.replace(each, owner=name) for name, package in brought for each in declared(SlotItem, package)]
    return [*declared(SlotItem, WEB), *theirs]


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    """The database open while the application lives."""
    deployment: Deployment = app.state.deployment
    app.state.stopping = stopping = asyncio.Event()
    async with running(deployment, serving=True) as deployment:
        app.state.deployment = deployment
        try:
            yield
        finally:
            stopping.set()


def database_away(request: Request[Any, Any, Any], error: DatabaseTrouble) -> Response[Any]:
    """Nothing was kept and nothing is lost: the person is told to come back."""
    log.error("database", trouble=str(error))
    for each in request.app.state.counters.values():
        each.lost(type(error).__name__)
    return answer(request, 503, gettext("The database is temporarily unavailable."), {"retry-after": str(AWAY_SECONDS)})


def too_large(request: Request[Any, Any, Any], error: NumberTooLarge) -> Response[Any]:
    """Nothing was kept, and no other try will do better: what was sent is to be corrected."""
    return answer(request, 422, gettext("A number is too large to be kept."))


def hung_up(request: Request[Any, Any, Any], error: HungUp) -> Response[bytes]:
    """Nobody reads this; it says in logs and measures that it was not us."""
    return Response(b"", status_code=error.status_code)


def files_away(request: Request[Any, Any, Any], error: FilesAway) -> Response[Any]:
    """The file was not kept; everything else goes on."""
    log.error("files", trouble=str(error))
    return answer(request, 503, gettext("Files cannot be received at the moment."), {"retry-after": str(AWAY_SECONDS)})


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """Keyword arguments for `Litestar(...)`; around its `asgi_handler` goes `around`, with the `Pages` of its state."""

    route_handlers: list[Any]
    exception_handlers: ExceptionHandlersMap


def shell() -> Shell:
    return Shell(
        route_handlers=[*asset_routes(), *installable_routes(), territory_layer],
        exception_handlers=EXCEPTION_HANDLERS,
    )
