"""A group of the menu with a page of this module in it: opened by mouse, by keyboard, and without scripts."""

import pytest

from parvis_testing.browsing import at_the_desk, expect

pytestmark = pytest.mark.browser


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
