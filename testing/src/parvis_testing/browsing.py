"""An application served to a real browser, with pages that are monitored for errors."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import uvicorn
from litestar import Litestar

from parvis.people.agents import Grant, set_preferences
from parvis.people.granting import give
from parvis.people.sessions import begin_session

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, LocatorAssertions, Page

    from parvis_testing.desk import Desk

REFUSED_IN_WORDS = ("409", "422")  # Chromium complains of each in its console; the pages say what is wrong


class AnnouncingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextlib.asynccontextmanager
async def served(app: Litestar, *, lifespan: bool = True, port: int = 0) -> AsyncIterator[str]:
    """The address of the application, on a free port or the given one; starts its lifespan unless it runs already."""
    life: Any = "on" if lifespan else "off"
    server = AnnouncingServer(
        uvicorn.Config(app, port=port, log_config=None, lifespan=life, timeout_graceful_shutdown=1)
    )
    serving = asyncio.create_task(server.serve())
    await server.ready.wait()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        if "stopping" in app.state:
            app.state.stopping.set()
        server.should_exit = True
        await serving


@contextlib.asynccontextmanager
async def looking(browser: "Browser", url: str, **options: Any) -> "AsyncIterator[Page]":
    """A page; on exit, checks that nothing was blocked or failed and nothing came from another host."""
    context = await browser.new_context(base_url=url, **options)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith((url, "data:", "blob:")) else wrong.append(sent.url))
    yield page
    await context.close()
    unforeseen = [words for words in wrong if not any(status in words for status in REFUSED_IN_WORDS)]
    assert not unforeseen, unforeseen


@contextlib.asynccontextmanager
async def at_the_desk(
    desk: "Desk",
    chromium: "Browser",
    role: str = "manager",
    language: str = "fr",
    name: str = "Ana Tremblay",
    also: str = "",
    **options: Any,
) -> "AsyncIterator[Page]":
    """A signed-in page; on exit, checks that the security policy blocked nothing and no script failed.

    The person may have another role `also`.
    """
    person = await desk.agent(role, name=name)
    if also:
        await give(desk.host.engine, person.id, Grant(role=also, jurisdiction="parvis"), by="Tests")
    await set_preferences(desk.host.engine, person.id, language=language, shortcuts=True)
    token = await begin_session(desk.host.engine, person.id, "Chromium")
    cookie = {"name": "parvis_session", "value": token}
    async with served(desk.app, lifespan=False) as url, looking(chromium, url, **options) as page:
        await page.context.add_cookies([{**cookie, "url": url}])
        yield page


def expect(thing: "Locator") -> "LocatorAssertions":
    """Playwright, imported only if there is a browser."""
    from playwright.async_api import expect as expect_of

    return expect_of(thing)


async def come_to_map(page: "Page") -> None:
    """Scrolls each map into view so that it loads."""
    await page.locator(".map__canvas").first.evaluate("each => each.scrollIntoView({ block: 'center' })")
    await expect(page.locator("[data-map][hidden]")).to_have_count(0)
