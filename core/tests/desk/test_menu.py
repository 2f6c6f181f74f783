"""The menu of the desk: one calm line, every page of one's own at hand, the page one is on marked, by keyboard too."""

import pytest

from parvis_testing.browsing import expect
from parvis_testing.owed import owed

from .test_in_a_browser import at_the_desk

pytestmark = pytest.mark.browser

BAR = ".masthead__bar > nav > ul > li, .masthead__bar > .menu--own > li"
LINES = f"new Set([...document.querySelectorAll('{BAR}')].map(each => each.offsetTop)).size"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_all_of_a_manager_is_one_line_of_a_desk_and_one_more_of_a_telephone(desk, chromium, language):
    await owed(desk)
    named = {"language": language, "name": "Hélène Tremblay"}
    async with at_the_desk(desk, chromium, viewport={"width": 1280, "height": 800}, **named) as page:
        for path in ("/bureau", "/bureau/non-remis", "/bureau/codes"):
            await page.goto(path)
            assert await page.evaluate(LINES) == 1
        await page.set_viewport_size({"width": 360, "height": 800})
        assert await page.evaluate(LINES) == 2  # the town and what is one’s own, then the menu, which scrolls
        assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_what_is_gathered_comes_down_one_at_a_time_and_says_where_one_is(desk, chromium):
    async with at_the_desk(desk, chromium, also="privacy") as page:
        await page.goto("/bureau/codes")
        management = page.locator("nav details", has_text="Gestion")
        await expect(management.locator("summary")).to_have_attribute("aria-current", "true")
        board = management.get_by_role("link", name="Codes QR")
        await expect(board).not_to_be_visible()
        await management.locator("summary").click()
        await expect(board).to_have_attribute("aria-current", "page")
        await page.locator(".menu--own summary").click()
        await expect(board).not_to_be_visible()
        await management.locator("summary").click()
        await page.get_by_role("link", name="Accès aux renseignements confidentiels").click()
        await expect(
            page.get_by_role("link", name="Accès aux renseignements confidentiels", exact=True, include_hidden=True)
        ).to_have_attribute("aria-current", "page")
        assert await page.locator("[aria-current=page]").count() == 1


async def test_the_menu_is_walked_and_left_by_keyboard_alone(desk, chromium):
    async with at_the_desk(desk, chromium, also="privacy") as page:
        keys = page.keyboard
        await page.goto("/bureau", wait_until="networkidle")
        summary = page.locator("nav details", has_text="Gestion").locator("summary")
        await summary.focus()
        await keys.press("Enter")
        await keys.press("Tab")
        await expect(page.locator("nav details[open] a").first).to_be_focused()
        await keys.press("Escape")
        await expect(summary).to_be_focused()
        await expect(page.locator("nav details[open]")).to_have_count(0)
        await keys.press("Enter")
        await page.locator("main").click(position={"x": 2, "y": 2})
        await expect(page.locator("nav details[open]")).to_have_count(0)


async def test_the_menu_comes_down_without_scripts(desk, chromium):
    async with at_the_desk(desk, chromium, also="privacy", java_script_enabled=False) as page:
        await page.goto("/bureau")
        await page.locator("nav details", has_text="Gestion").locator("summary").click()
        await page.get_by_role("link", name="Accès aux renseignements confidentiels").click()
        await expect(page).to_have_url(f"{page.url.split('/bureau')[0]}/bureau/renseignements-consultes")
        await page.locator(".menu--own summary").click()
        await page.get_by_role("button", name="Se déconnecter").click()
        await expect(page.locator("input[name=password]")).to_be_visible()


async def test_a_group_of_one_page_is_that_page(desk, chromium):
    async with at_the_desk(desk, chromium) as page:
        await page.goto("/bureau")
        await expect(page.get_by_role("link", name="Codes QR", exact=True)).to_be_visible()
        await expect(page.locator("nav details", has_text="Gestion")).to_have_count(0)
