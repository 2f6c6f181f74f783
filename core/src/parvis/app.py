"""The web application: every room of the web and the API around one host, with one shell and one end."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import structlog
from jinja2 import FileSystemLoader
from litestar import Litestar, Request, Response, Router

from parvis.db import DatabaseTrouble
from parvis.host import Host, compose, running
from parvis.house import Found
from parvis.settings import Settings
from parvis.web.errors import answer
from parvis.web.operators.gathering import Gathering
from parvis.web.operators.measuring import Measures, measured
from parvis.web.pages import Pages
from parvis.web.shell import shell
from parvis.web.strict import strict

ROOMS = ("web.portal", "web.track", "web.desk", "web.operators", "web.doors", "web.mailbox")
PLAIN_BODY = 2_000_000
MEGABYTE = 1_000_000
AWAY_SECONDS = 20
log = structlog.get_logger("parvis.web")


def create_app(
    settings: Settings, plugins: Iterable[Found] | None = None, environ: Mapping[str, str] | None = None
) -> Litestar:
    """The application of these settings; `plugins` stands in for those that are installed.

    `app.state` holds `host`, `pages` and `stopping`, an event that whatever lasts (live pages, the relay) watches.
    """
    host = compose(settings, plugins, environ)
    pages = pages_of(host)
    worn = shell(pages)
    app = Litestar(
        route_handlers=[*worn.route_handlers, *rooms(settings)],
        middleware=worn.middleware,
        before_send=worn.before_send,
        exception_handlers={**worn.exception_handlers, DatabaseTrouble: database_away},
        lifespan=[lifespan_of(host)],
        request_max_body_size=PLAIN_BODY,
        openapi_config=None,
        logging_config=None,
    )
    measures = Measures()
    watched = {"measures": measures, "gathering": Gathering(host)}
    app.state.update({"host": host, "pages": pages, "stopping": asyncio.Event(), **watched})
    app.asgi_handler = measured(strict(app.asgi_handler), measures)
    return app


def pages_of(host: Host) -> Pages:
    settings = host.settings
    return Pages(
        territory=host.territory,
        secret=settings.secret,
        catalogues=host.catalogues,
        plugin_templates={
            name: FileSystemLoader(plugin.templates) for name, plugin in host.house.plugins.items() if plugin.templates
        },
        town_templates=settings.templates,
        compiled=settings.data / "cache" / "templates",
        secure_cookies=settings.address.startswith("https:"),
    )


def rooms(settings: Settings) -> list[Any]:
    """What each room of the web answers; pages may send files, the API and the rest only plain bodies."""
    found: list[Any] = []
    for room in ROOMS:
        if find_spec(f"parvis.{room}"):
            handlers = import_module(f"parvis.{room}").routes()
            most = settings.most_upload * MEGABYTE
            found.append(Router("/", route_handlers=handlers, request_max_body_size=most, include_in_schema=False))
    if find_spec("parvis.api"):
        found.extend(import_module("parvis.api").routes())
    return found


def lifespan_of(host: Host) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """The database open while the application lives; with `worker`, a worker beside it, which ends its work first."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        app.state.stopping = stopping = asyncio.Event()
        async with running(host):
            work = asyncio.create_task(work_beside(host, stopping)) if host.settings.worker else None
            try:
                yield
            finally:
                stopping.set()
                if work is not None:
                    await work

    return lifespan


async def work_beside(host: Host, stopping: asyncio.Event) -> None:
    from parvis.worker.loop import run_worker

    await run_worker(host.heart, stopping)


def database_away(request: Request[Any, Any, Any], error: DatabaseTrouble) -> Response[Any]:
    """Nothing was kept and nothing is lost: the person is told to come back."""
    log.error("database", trouble=str(error))
    request.app.state.measures.database_errors.labels(type(error).__name__).inc()
    return answer(request, 503, "The database is away for a moment.", {"retry-after": str(AWAY_SECONDS)})
