"""Every page of the portal in a real browser: fit for assistive techniques, nothing refused, nothing from elsewhere."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
import uvicorn

from parvis.requests.actors import Actor
from parvis.requests.conversation import reply
from parvis.requests.counter import HostCounter
from parvis.requests.lifecycle import make_move

pytestmark = pytest.mark.browser
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture
async def url(app) -> AsyncIterator[str]:
    server = Announcing(uvicorn.Config(app, port=0, log_config=None, lifespan="on", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    await server.ready.wait()
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    app.state.stopping.set()
    server.should_exit = True
    await serving


@pytest.fixture
async def chromium(chromium_path) -> AsyncIterator:
    playwright = pytest.importorskip("playwright.async_api")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def looking(chromium, url: str, **options):
    """A page; on leaving, the proof that nothing went wrong and nothing came from elsewhere."""
    context = await chromium.new_context(base_url=url, **options)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda sent: None if sent.url.startswith((url, "data:", "blob:")) else wrong.append(sent.url))
    yield page
    await context.close()
    assert [words for words in wrong if "422" not in words] == []


async def is_fit(page) -> None:
    """Nothing sticks out, nothing is in the way of anybody."""
    from axe_playwright_python.async_playwright import Axe

    await page.wait_for_load_state("networkidle")
    sticks_out = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not sticks_out, page.url
    # Pins of a map may lie on one another: the same things stand in a list beside it.
    found = await Axe().run(page, options={**AXE_RULES})
    wrong = [
        (rule["id"], node["html"][:200])
        for rule in found.response["violations"]
        for node in rule["nodes"]
        if "leaflet-marker" not in node["html"]
    ]
    assert wrong == [], page.url


@pytest.fixture
async def receipt(heart, url):
    """A request that is well under way, with a question of the town and words both ways."""
    raw = {
        "language": "fr",
        "answers": {"size": "large", "depth": 12, "danger": True, "why": "Les vélos tombent."},
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"},
    }
    receipt = await HostCounter(heart).submit("parvis", "hole", raw, channel="portal")
    await make_move(heart, receipt.reference, "start", {}, actor=ANA, mover="agent")
    await reply(heart, receipt.reference, "Nous passons demain.", actor=ANA)
    await make_move(heart, receipt.reference, "ask", {"reason": "De quel côté?"}, actor=ANA, mover="agent")
    return receipt


@pytest.mark.parametrize(("screen", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")], ids=["phone", "desktop"])
async def test_every_public_page_is_fit_for_everybody(chromium, url, receipt, screen, scheme):
    async with looking(chromium, url, viewport=screen, color_scheme=scheme, bypass_csp=True) as page:
        for path in (
            "/fr/",
            "/en/",
            "/fr/services",
            "/fr/services/rues",
            "/fr/recherche?q=trou",
            "/en/search?q=zzzz",
            "/fr/confidentialite",
            "/fr/requetes",
            f"/fr/requete/{receipt.reference}",
            f"/en/request/{receipt.reference}",
            f"/fr/suivre/{receipt.reference}",
            "/fr/suivi",
            "/fr/demande/rues/nid-de-poule",
            "/en/request/streets/lights",
        ):
            await page.goto(path)
            await is_fit(page)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_page_of_ones_own_request_is_fit_for_everybody(chromium, url, receipt, screen):
    async with looking(chromium, url, viewport=screen, bypass_csp=True) as page:
        await page.goto(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
        for more in ("", "/recu", "/action/answer", "/action/withdraw", "/coordonnees", "/messages"):
            await page.goto(f"/fr/suivi/{receipt.reference}{more}", wait_until="domcontentloaded")
            await is_fit_while_live(page)


async def is_fit_while_live(page) -> None:
    """The same for a page that keeps a stream open, which never falls silent."""
    from axe_playwright_python.async_playwright import Axe

    await page.wait_for_timeout(300)
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    found = await Axe().run(page, options=AXE_RULES)
    nodes = [(rule["id"], node["html"][:200]) for rule in found.response["violations"] for node in rule["nodes"]]
    assert [node for node in nodes if "leaflet-marker" not in node[1]] == [], page.url


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_every_step_of_a_form_is_fit_for_everybody_with_and_without_problems(chromium, url, screen, jpeg):
    async with looking(chromium, url, viewport=screen, bypass_csp=True) as page:
        go_on = page.locator("main form .buttons button[type=submit]")
        await page.goto("/fr/demande/rues/nid-de-poule")
        await go_on.click()
        await is_fit(page)
        await page.locator("#place").press_sequentially("4563 saint-urb")
        await page.get_by_role("option").first.click()
        await go_on.click()
        await is_fit(page)
        await go_on.click()
        await is_fit(page)
        await page.get_by_label("Grand").check()
        await page.get_by_label("Quelle profondeur?").fill("12")
        await page.get_by_label("Oui").check()
        await go_on.click()
        await page.get_by_label("Pourquoi?").fill("Profond.")
        await is_fit(page)
        await go_on.click()
        await page.locator("#photos").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg}])
        await is_fit(page)
        await go_on.click()
        await page.wait_for_url("**/coordonnees")
        await page.goto("/fr/demande/rues/nid-de-poule/3")
        await page.get_by_role("button", name="Retirer a.jpg").wait_for()
        await is_fit(page)
        await go_on.click()
        await go_on.click()
        await is_fit(page)
        await page.get_by_label("Je donne mon nom").check()
        await page.get_by_label("Votre nom").fill("Zoé Côté")
        await page.get_by_label("Courriel", exact=False).first.fill("zoe@exemple.ca")
        await go_on.click()
        await is_fit(page)
        await go_on.click()
        await page.wait_for_url("**/recu")
        await is_fit(page)


async def test_a_question_appears_when_its_condition_is_met(chromium, url):
    async with looking(chromium, url, viewport=DESKTOP) as page:
        await page.goto("/fr/demande/rues/nid-de-poule")
        await page.locator("#place").press_sequentially("4563 saint-urb")
        await page.get_by_role("option").first.click()
        await page.locator("main form .buttons button[type=submit]").click()
        depth = page.get_by_label("Quelle profondeur?")
        assert not await depth.is_visible()
        await page.get_by_label("Grand").check()
        await depth.wait_for(state="visible")


async def test_news_reach_an_open_page_by_themselves(chromium, url, receipt, heart, monkeypatch):
    monkeypatch.setattr("parvis.web.track.live.LOOK_SECONDS", 0.1)
    async with looking(chromium, url, viewport=DESKTOP) as page:
        await page.goto(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
        await page.get_by_label("Votre message").fill("Je suis en train d’écrire")
        await reply(heart, receipt.reference, "Une équipe est en route.", actor=ANA)
        await page.get_by_text("Une équipe est en route.").wait_for()
        assert await page.get_by_label("Votre message").input_value() == "Je suis en train d’écrire"


async def test_enter_in_a_box_goes_on_and_presses_no_other_button(chromium, url):
    async with looking(chromium, url, viewport=DESKTOP, java_script_enabled=False) as page:
        await page.goto("/fr/demande/rues/lampadaires")
        await page.get_by_label("Numéro").fill("A-1")
        await page.get_by_label("Je suis d’accord.").check()
        await page.get_by_label("Numéro").press("Enter")
        await page.wait_for_url("**/coordonnees")
