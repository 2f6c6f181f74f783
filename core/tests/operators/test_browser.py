"""The operators' pages in a real browser: nothing wrong for assistive techniques, nothing wider than a phone."""

import asyncio
import contextlib
import socket

import pytest
import uvicorn

from parvis.db import unit
from parvis.db.tables import Delivery
from parvis.outbox import circuits
from parvis.people.sessions import begin_session

from .test_pages import PAGES

pytestmark = pytest.mark.browser
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Announcing(uvicorn.Server):
    def __init__(self, config):
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextlib.asynccontextmanager
async def served(app):
    """The application, whose lifespan is running already, on a free port."""
    server = Announcing(uvicorn.Config(app, port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    await server.ready.wait()
    yield "http://{}:{}".format(*server.servers[0].sockets[0].getsockname())
    server.should_exit = True
    await serving


@pytest.mark.parametrize("width", [360, 1280])
async def test_every_page_is_accessible_and_fits(site, chromium_path, width):
    playwright = pytest.importorskip("playwright.async_api")
    axe = pytest.importorskip("axe_playwright_python.async_playwright").Axe()
    person = await site.account()
    lines = await site.deliveries(2)
    async with unit(site.heart.engine):
        trouble = "erp.order · the ERP answered 503 · a-very-long-word-without-any-break-" + "x" * 120
        await Delivery.update({Delivery.state: "dead", Delivery.trouble: trouble}).where(Delivery.id == lines[0].id)
        for _ in range(5):
            await circuits.failed(site.heart.engine, "town.tell", trouble)
    token = await begin_session(site.heart.engine, person.id, "tests")
    async with served(site.app) as address, playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": width, "height": 800})
        await context.add_cookies([{"name": "parvis_session", "value": token, "url": address}])
        page = await context.new_page()
        for path in (*PAGES, f"/livraisons/{lines[0].id}"):
            answer = await page.goto(f"{address}/exploitation{path}")
            assert answer.status == 200, path
            found = (await axe.run(page, options=AXE_RULES)).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        await browser.close()
