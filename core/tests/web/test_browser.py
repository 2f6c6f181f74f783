"""The shell in a real browser: nothing refused by the policy, nothing wrong for assistive techniques, keys work."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import get
from litestar.params import FromPath, FromQuery

from parvis_sdk import fields as kinds
from parvis_sdk.testing.vectors import DAYS_FILE as DAYS
from parvis_sdk.testing.vectors import FILE as VECTORS
from parvis_sdk.text import Text
from parvis_testing.browsing import come_to_map, expect, looking, served

from .conftest import application
from .test_questions import ONE_OF_EACH

pytestmark = pytest.mark.browser
FRONT = Path(__file__).parents[2] / "frontend" / "scripts"
CHOSEN = "Endroit choisi sur la carte."
AXE_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
async def address(pages) -> AsyncIterator[str]:
    """The application on a free port, with one question of each kind and addresses to suggest."""
    from msgspec.structs import replace

    from parvis_sdk.conditions import Is

    fields = tuple(replace(field, code=kind) for kind, field in ONE_OF_EACH.items())
    conditional = replace(ONE_OF_EACH["short_text"], code="why", show_when=Is(field="yes_no", value=True))
    app = application(pages, (*fields, conditional))
    app.register(suggest)
    async with served(app) as url:
        yield url


@get("/{language:str}/adresses", sync_to_thread=False)
def suggest(language: FromPath[str], q: FromQuery[str]) -> list[dict[str, object]]:
    return [{"text": f"{number}, rue {q}", "lon": -73.57, "lat": 45.53} for number in (12, 14)]


@contextlib.asynccontextmanager
async def visiting(chromium, url: str, **options):
    address, _, path = url.rpartition("/fr/")
    async with looking(chromium, address, **options) as page:
        await page.goto(f"/fr/{path}", wait_until="networkidle")
        yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
async def test_a_form_with_every_question_has_nothing_wrong(chromium, address, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    size = {"width": width, "height": 800}
    async with visiting(
        chromium, f"{address}/fr/formulaire", viewport=size, color_scheme=scheme, reduced_motion="reduce"
    ) as page:
        for _ in range(2):
            found = (await axe.Axe().run(page, options=AXE_RULES)).response["violations"]
            assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            await page.get_by_role("button", name="Envoyer").click()
            await page.wait_for_load_state("networkidle")


async def test_errors_come_into_focus_and_lead_to_their_question(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire") as page:
        await page.get_by_role("button", name="Envoyer").click()
        await page.wait_for_load_state("networkidle")
        assert "problèmes" in await page.title()
        assert await page.evaluate("document.activeElement.matches('[data-error-summary]')")
        for link in await page.locator("[data-error-summary] a").all():
            target = await link.get_attribute("href")
            await link.click()
            assert await page.evaluate("document.activeElement.id") == target.removeprefix("#")


async def test_a_conditional_question_comes_and_goes_and_is_sent_only_when_there(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire") as page:
        why = page.locator("#why")
        await expect(why).to_be_hidden()
        await expect(why).to_be_disabled()
        await page.locator("[name=yes_no][value=yes]").check()
        await expect(why).to_be_visible()
        await page.locator("[name=yes_no][value=no]").check()
        await expect(why).to_be_hidden()


async def test_without_scripts_every_question_is_there(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire", java_script_enabled=False) as page:
        assert await page.locator("#why").is_visible()
        assert await page.locator('[name="place.address"]').is_visible()
        assert await page.locator('[name="place.words"]').is_visible()
        assert not await page.locator(".map").is_visible()


async def test_an_address_is_chosen_by_keyboard_alone(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire") as page:
        box = page.locator('[name="place.address"]')
        assert await box.get_attribute("role") == "combobox"
        await box.press_sequentially("Roy")
        await page.locator("#place-list li").first.wait_for()
        assert await box.get_attribute("aria-expanded") == "true"
        await box.press("ArrowDown")
        await box.press("ArrowDown")
        active = await box.get_attribute("aria-activedescendant")
        assert await page.locator(f"#{active}").inner_text() == "14, rue Roy"
        await box.press("Enter")
        assert await box.input_value() == "14, rue Roy"
        assert float(await page.locator('[name="place.lon"]').input_value()) == -73.57
        await box.press_sequentially(" Ouest")
        assert await page.locator('[name="place.lon"]').input_value() == ""
        await box.press("Escape")
        assert await box.get_attribute("aria-expanded") == "false"


async def test_a_place_is_put_on_the_map_by_mouse_and_by_keyboard(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire") as page:
        canvas = page.locator("[data-map] .map__canvas")
        await come_to_map(page)
        await canvas.click(position={"x": 200, "y": 150})
        clicked = await page.locator('[name="place.lon"]').input_value()
        assert -74 < float(clicked) < -73
        await canvas.focus()
        await canvas.press("ArrowRight")
        await page.wait_for_timeout(400)
        await canvas.press("Enter")
        assert await page.locator('[name="place.lon"]').input_value() != clicked
        assert await page.locator("[data-map-status]").inner_text() == CHOSEN


async def test_an_area_is_drawn_point_by_point_and_taken_back(chromium, pages):
    area = kinds.PlaceField(code="area", label=Text(fr="Aire"), shapes=("polygon",))
    async with served(application(pages, (area,))) as address, visiting(chromium, f"{address}/fr/formulaire") as page:
        canvas = page.locator(".map__canvas")
        drawn = page.locator('[name="area.geometry"]')
        await come_to_map(page)
        for x, y in ((150, 100), (250, 100), (250, 200)):
            await canvas.click(position={"x": x, "y": y})
            await page.wait_for_timeout(350)  # two clicks closer than this are one double click, which zooms
        ring = json.loads(await drawn.input_value())["coordinates"][0]
        assert len(ring) == 4
        assert ring[0] == ring[-1]
        await page.locator("[data-map-undo]").click()
        assert await drawn.input_value() == ""


async def test_on_a_phone_the_map_moves_under_the_crosshair(chromium, address):
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    async with visiting(chromium, f"{address}/fr/formulaire", **phone) as page:
        await come_to_map(page)
        assert await page.locator(".crosshair").count() == 1
        assert await page.locator('[name="place.lon"]').input_value() == ""


async def test_my_position_is_taken_when_given(chromium, address):
    options = {"geolocation": {"longitude": -73.58, "latitude": 45.52}, "permissions": ["geolocation"]}
    async with visiting(chromium, f"{address}/fr/formulaire", **options) as page:
        await come_to_map(page)
        await page.get_by_role("button", name="Utiliser ma position").click()
        await expect(page.locator("[name='place.lon']")).not_to_have_value("")
        assert await page.locator('[name="place.lon"]').input_value() == "-73.580000"


async def test_nothing_of_a_map_comes_before_somebody_does(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire", viewport={"width": 360, "height": 500}) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.reload(wait_until="networkidle")
        assert not [url for url in asked if "map_" in url or "map-" in url or "geojson" in url]
        room = await page.locator(".map").bounding_box()
        await come_to_map(page)
        assert await page.locator(".leaflet-map-pane").count() == 1
        assert any("geojson" in url for url in asked)
        assert (await page.locator(".map").bounding_box())["height"] == room["height"]


async def test_an_address_picked_before_the_map_has_come_is_on_it_when_it_comes(chromium, address):
    async with visiting(chromium, f"{address}/fr/formulaire") as page:
        held: list[Any] = []
        await page.route("**/map_pick-*.js", lambda route: held.append(route))
        await page.reload()
        box = page.locator('[name="place.address"]')
        await box.press_sequentially("Roy")
        await page.locator("#place-list li").last.click()
        lon = await page.locator('[name="place.lon"]').input_value()
        assert lon != ""
        await expect(page.locator("[data-map]")).to_have_attribute("hidden", "")
        await held[0].continue_()
        await page.locator(".pin").wait_for()
        assert await page.locator("[data-map-status]").inner_text() == CHOSEN
        assert float(await page.locator('[name="place.lon"]').input_value()) == float(lon)


async def test_photos_are_shown_made_lighter_and_may_be_taken_back(chromium, address, tmp_path):
    from PIL import Image

    photo = tmp_path / "rue.jpg"
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(photo, quality=95)
    async with visiting(chromium, f"{address}/fr/formulaire") as page:
        await page.locator("#photo").set_input_files(photo)
        await page.locator("[data-files=photo] img").wait_for()
        await page.get_by_text("1 fichier prêt").wait_for()
        size = await page.evaluate("document.querySelector('#photo').files[0].size")
        assert 0 < size < photo.stat().st_size
        await page.get_by_role("button", name="Retirer rue.jpg").click()
        assert await page.evaluate("document.querySelector('#photo').files.length") == 0


async def test_no_page_without_a_map_loads_leaflet(chromium, address):
    loaded: list[str] = []
    context = await chromium.new_context()
    page = await context.new_page()
    page.on("request", lambda request: loaded.append(request.url))
    await page.goto(f"{address}/fr/bonjour", wait_until="networkidle")
    assert not any("maps" in url or "map-" in url for url in loaded)
    assert all(url.startswith(address) for url in loaded)
    await page.goto(f"{address}/fr/formulaire", wait_until="networkidle")
    assert any("maps" in url for url in loaded)
    assert all(url.startswith((address, "blob:", "data:")) for url in loaded)
    await context.close()


@contextlib.asynccontextmanager
async def asked_for_days(pages, chromium, **options):
    """A form of two days and an insurance that must cover them, in a row of its own page."""
    from msgspec.structs import replace

    from parvis_sdk.conditions import TODAY, NotBefore
    from parvis_sdk.fields import Check

    def day(code, other, days, words):
        check = Check(must=NotBefore(field=code, other=other, days=days), says=Text(fr=words, en=words))
        return replace(ONE_OF_EACH["date"], code=code, checks=(check,))

    fields = (
        day("first", TODAY, 1, "Demandez-le la veille."),
        day("last", "first", 0, "La fin ne peut pas précéder le {first}."),
    )
    async with (
        served(application(pages, fields)) as address,
        visiting(chromium, f"{address}/fr/formulaire", **options) as page,
    ):
        yield page


async def write_day(page, name, year, month, day):
    for part, value in (("day", day), ("month", month), ("year", year)):
        await page.locator(f'[name="{name}.{part}"]').fill(str(value))
    await page.locator(f'[name="{name}.year"]').blur()


async def test_an_end_before_the_beginning_is_said_before_the_form_is_sent(chromium, pages):
    async with asked_for_days(pages, chromium) as page:
        said = page.locator("[data-check-said]:visible")
        await write_day(page, "first", 2020, 1, 1)
        assert await said.all_inner_texts() == ["Demandez-le la veille."]
        await write_day(page, "first", 2099, 1, 1)
        assert await said.count() == 0
        await write_day(page, "last", 2098, 12, 31)
        assert await said.all_inner_texts() == ["La fin ne peut pas précéder le 1er janvier 2099."]
        assert await said.get_attribute("role") == "status"
        await write_day(page, "first", 2098, 12, 31)  # the other of the two is corrected
        assert await said.count() == 0


async def test_a_number_that_does_not_fit_another_one_is_said_before_the_form_is_sent(chromium, pages):
    from msgspec.structs import replace

    from parvis_sdk.conditions import AtLeast
    from parvis_sdk.fields import Check

    says = Text(fr="Au moins {people} × 5 000 $, pas {insured}.")
    check = Check(must=AtLeast(field="insured", other="people", times=5_000_00), says=says)
    people = replace(ONE_OF_EACH["number"], code="people", unit=Text(fr="personnes"), least=1, most=None)
    insured = replace(ONE_OF_EACH["money"], code="insured", least=0, most=None, checks=(check,))
    async with (
        served(application(pages, (people, insured))) as address,
        visiting(chromium, f"{address}/fr/formulaire") as page,
    ):
        said = page.locator("[data-check-said]:visible")
        await page.locator('[name="people"]').fill("1 200")
        await page.locator('[name="insured"]').fill("5 999 999,50")
        await page.locator('[name="insured"]').blur()
        assert await said.all_inner_texts() == [
            "Au moins 1\u00a0200\u00a0personnes × 5 000 $, pas 5\u00a0999\u00a0999,50\u00a0$."
        ]
        await page.locator('[name="people"]').fill("1 199")
        await page.locator('[name="people"]').blur()
        assert await said.count() == 0


async def test_an_end_before_the_beginning_is_said_without_scripts_too(chromium, pages):
    async with asked_for_days(pages, chromium, java_script_enabled=False) as page:
        for part, value in (("day", "1"), ("month", "1"), ("year", "2099")):
            await page.locator(f'[name="first.{part}"]').fill(value)
            await page.locator(f'[name="last.{part}"]').fill("2098" if part == "year" else value)
        await page.get_by_role("button", name="Envoyer").click()
        await page.wait_for_load_state("networkidle")
        error = page.locator("#last-error")
        assert "La fin ne peut pas précéder le 1er janvier 2099." in await error.inner_text()
        assert await page.locator('[name="last.year"]').input_value() == "2098"


async def test_the_twin_of_conditions_gives_every_answer_of_the_vectors(chromium):
    source = (FRONT / "holds.js").read_text()
    vectors = [each for file in (VECTORS, DAYS) for each in json.loads(file.read_text())]
    page = await chromium.new_page()
    wrong = await page.evaluate(
        """async ([source, vectors]) => {
            const { holds } = await import("data:text/javascript," + encodeURIComponent(source));
            const wrong = vectors.filter((each) => holds(each.condition, each.answers) !== each.holds);
            return wrong.map((each) => each.name);
        }""",
        [source, vectors],
    )
    assert len(vectors) > 30
    assert wrong == []
    await page.close()


async def test_a_live_page_brings_news_and_leaves_alone_what_is_being_typed(chromium, pages):
    app = application(pages)
    async with served(app) as address, visiting(chromium, f"{address}/fr/vivant") as page:
        await page.locator("#a").fill("ma réponse")
        app.state.news = "après"
        app.state.told.put_nowait("changed")
        await page.locator("[data-live-part=state]", has_text="après").wait_for()
        assert await page.locator("#a").input_value() == "ma réponse"


async def test_what_happens_while_a_live_page_fetches_is_fetched_after_it(chromium, pages):
    """The last of several quick reveals would else stand on the page of the privacy officer only with the next one."""
    app, is_fetching, may_come = application(pages), asyncio.Event(), asyncio.Event()

    async def hold(route):
        if route.request.resource_type == "fetch" and not is_fetching.is_set():
            answer = await route.fetch()
            is_fetching.set()
            await may_come.wait()
            await route.fulfill(response=answer)
        else:
            await route.continue_()

    async with served(app) as address, visiting(chromium, f"{address}/fr/vivant") as page:
        await page.route("**/fr/vivant", hold)
        app.state.news = "après"
        app.state.told.put_nowait("changed")
        await asyncio.wait_for(is_fetching.wait(), 30)
        app.state.news = "enfin"
        app.state.told.put_nowait("changed")
        await page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
        may_come.set()
        await page.locator("[data-live-part=state]", has_text="enfin").wait_for()


async def test_what_happens_while_a_live_page_has_no_stream_is_there_when_it_has_one_again(chromium, pages):
    """A stream ends after half an hour, and with each restart of the town's server."""
    app = application(pages)
    async with served(app) as address, visiting(chromium, f"{address}/fr/vivant") as page:
        await page.locator("[data-live-part=state]", has_text="avant").wait_for()
        app.state.news = "après"
        app.state.told.put_nowait("")
        await page.locator("[data-live-part=state]", has_text="après").wait_for()


async def test_single_keys_move_over_the_queue_and_are_silent_in_boxes(chromium, address):
    async with visiting(chromium, f"{address}/fr/file") as page:
        focused = "document.activeElement.textContent"
        await page.keyboard.press("j")
        await page.keyboard.press("j")
        assert await page.evaluate(focused) == "2"
        await page.keyboard.press("k")
        assert await page.evaluate(focused) == "1"
        await page.keyboard.press("/")
        await page.keyboard.type("jk/?")
        assert await page.locator("[data-search]").input_value() == "jk/?"
        await page.locator("h1").click()
        await page.keyboard.press("a")
        assert await page.evaluate("document.activeElement.matches('[data-key-assign]')")
        await page.locator("h1").click()
        await page.keyboard.press("n")
        assert page.url.endswith("#new")


async def test_single_keys_are_explained_and_can_be_switched_off(chromium, address):
    async with visiting(chromium, f"{address}/fr/file") as page:
        await page.keyboard.press("?")
        await page.get_by_role("dialog", name="Raccourcis clavier").wait_for()
        await page.get_by_label("Utiliser les raccourcis").uncheck()
        await page.get_by_role("button", name="Fermer").click()
        await page.keyboard.press("n")
        assert not page.url.endswith("#new")
        await page.reload(wait_until="networkidle")
        await page.keyboard.press("n")
        assert not page.url.endswith("#new")


async def test_the_queue_has_nothing_wrong(chromium, address):
    axe = pytest.importorskip("axe_playwright_python.async_playwright")
    async with visiting(chromium, f"{address}/fr/file", viewport={"width": 320, "height": 700}) as page:
        found = (await axe.Axe().run(page, options=AXE_RULES)).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320
