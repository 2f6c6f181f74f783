"""The desk in a real browser: right for assistive techniques at any width, and a call taken by keyboard alone."""

import asyncio
import json
import re
import socket
from contextlib import asynccontextmanager

import pytest
import uvicorn

from parvis.people.agents import set_preferences
from parvis.people.sessions import begin_session
from parvis.requests.lifecycle import make_move

from .conftest import ANA, PASSWORD, said

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 360, "height": 740}}


def expect(thing):
    """Playwright's own, fetched only where there is a browser to drive."""
    from playwright.async_api import expect as expect_of

    return expect_of(thing)


class Announcing(uvicorn.Server):
    def __init__(self, config):
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@asynccontextmanager
async def served(desk):
    """The application of the fixture on a free port; its lifespan is already running."""
    config = uvicorn.Config(desk.app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1)
    server = Announcing(config)
    serving = asyncio.create_task(server.serve())
    await server.ready.wait()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@pytest.fixture
async def chromium(chromium_path):
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def at_the_desk(desk, chromium, role="manager", language="fr", **options):
    """A page signed in, with proof at the end that nothing was refused by the policy and no script broke."""
    person = await desk.agent(role)
    await set_preferences(desk.heart.engine, person.id, language=language, shortcuts=True)
    token = await begin_session(desk.heart.engine, person.id, "Chromium")
    async with served(desk) as url:
        context = await chromium.new_context(base_url=url, **options)
        await context.add_cookies([{"name": "parvis_session", "value": token, "url": url}])
        page = await context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
        yield page
        await context.close()
        assert [line for line in wrong if "422" not in line and "409" not in line] == []


async def faults(page) -> list[str]:
    """What axe finds wrong with the page as it is now."""
    from axe_playwright_python.base import AXE_FILE_PATH

    await page.add_script_tag(path=str(AXE_FILE_PATH)) if not await page.evaluate("Boolean(window.axe)") else None
    found = await page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", WIDTHS)
async def test_every_page_is_right_for_assistive_techniques(desk, chromium, width, language):
    record = await desk.request("hole", "roads")
    quarrel = await desk.request("quarrel", "noise")
    await make_move(desk.heart, record.reference, "start", {}, actor=ANA, mover="agent")
    base = f"/bureau/requete/{record.reference}"
    pages = (
        "/bureau",
        "/bureau?ouvertes=non&unite=roads",
        base,
        f"/bureau/requete/{quarrel.reference}",
        f"{base}/correction",
        f"{base}/correction?type=quarrel",
        "/bureau/nouvelle",
        "/bureau/tableau",
        "/bureau/compte",
        "/bureau/compte/code",
    )
    wrong: dict[str, object] = {}
    # The policy forbids scripts from elsewhere, axe among them: it is put in beside the policy, by the browser itself.
    options = {"viewport": WIDTHS[width], "locale": f"{language}-CA", "bypass_csp": True}
    async with at_the_desk(desk, chromium, language=language, **options) as page:
        for path in pages:
            await page.goto(path, wait_until="networkidle")
            await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
            if found := await faults(page):
                wrong[path] = found
            if (wide := await page.evaluate("document.documentElement.scrollWidth")) > WIDTHS[width]["width"]:
                wrong[f"{path} is too wide"] = wide
        await page.context.clear_cookies()
        await page.goto("/connexion", wait_until="networkidle")
        if found := await faults(page):
            wrong["/connexion"] = found
    assert wrong == {}


async def test_a_call_is_taken_by_keyboard_alone(desk, chromium):
    known = await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent") as page:
        keys = page.keyboard
        await page.goto("/bureau", wait_until="networkidle")
        await keys.press("n")
        await expect(page.locator("#who-box")).to_be_focused()
        await keys.type("514 555")
        pick = page.locator("#found-people .pick").first
        await expect(pick).to_contain_text("Zoé Côté")
        await keys.press("Tab")
        await expect(pick).to_be_focused()
        await keys.press("Enter")
        await expect(page.locator("#where")).to_be_in_viewport()
        await page.locator("#place").focus()
        await keys.type("4563 rue saint-urb")
        await expect(page.locator("#place-list li").first).to_be_visible()
        await keys.press("ArrowDown")
        await keys.press("Enter")
        await expect(page.locator("#found-places")).to_contain_text(said("No open request around here."))
        await page.locator("#what-box").focus()
        await keys.type("trous dans la ru")
        kind = page.locator("#found-types .pick").first
        await expect(kind).to_contain_text("Trou")
        await keys.press("Tab")
        await expect(kind).to_be_focused()
        await keys.press("Enter")
        await expect(page.locator("#questions")).to_be_in_viewport()
        await keys.press("Tab")
        await keys.press("Space")
        await page.locator("button[name=_send]").focus()
        await keys.press("Enter")
        await expect(page.locator("#opened")).to_be_visible()
        reference = await page.locator(".receipt .reference").inner_text()
        await expect(page.locator("main a.button").first).to_be_focused()
    record = await desk.record(re.sub(r"\s", "", reference))
    assert (record.type, record.channel, record.address) == ("hole", "phone", "4563, rue Saint-Urbain")
    assert record.answers["words"] == "trous dans la ru"
    assert record.reference != known.reference


async def test_keys_walk_the_queue_and_open_the_steps(desk, chromium):
    first, second = await desk.request("hole", "roads"), await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent") as page:
        await page.goto("/bureau?tri=oldest", wait_until="networkidle")
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        await page.keyboard.press("k")
        await page.keyboard.press("Enter")
        await page.wait_for_url(f"**/{first.reference}", wait_until="networkidle")
        await page.keyboard.press(".")
        await expect(page.locator(".move summary").first).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator(".move[open] form")).to_be_visible()
        await page.keyboard.press("a")
        assert await page.evaluate("document.activeElement.closest('[data-key-assign]') !== null")
        await page.keyboard.press("?")
        await expect(page.locator("#shortcuts")).to_be_visible()
    assert second.reference != first.reference


async def test_the_desk_works_without_scripts(desk, chromium):
    record = await desk.request("hole", "roads")
    ana = await desk.agent()
    async with served(desk) as url:
        context = await chromium.new_context(base_url=url, java_script_enabled=False, locale="fr-CA")
        page = await context.new_page()
        await page.goto("/bureau")
        await page.get_by_label(said("Email")).fill(ana.email)
        await page.get_by_label(said("Password")).fill(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name="Trou").click()
        await page.locator("summary", has_text="Commencer").click()
        await page.get_by_role("button", name="Commencer").click()
        await expect(page.get_by_role("status")).to_contain_text(said("The step is made."))
        await context.close()
    assert (await desk.record(record.reference)).state == "working"
