"""Lines of the queue ticked in a real browser: by keyboard alone, and without scripts."""

import re

import pytest

from parvis_testing.browsing import at_the_desk, expect

pytestmark = pytest.mark.browser


async def test_lines_are_ticked_and_planned_together_by_keyboard_alone(desk, chromium):
    made = [await desk.request("hole", "roads") for _ in range(4)]
    async with at_the_desk(desk, chromium, "agent") as page:
        keys = page.keyboard
        await page.goto("/bureau", wait_until="networkidle")
        for key in ("j", "x", "j", "j", "Shift+X"):
            await keys.press(key)
        await expect(page.locator("[data-many-count]")).to_have_text("3 cochées")
        await keys.press("k")
        await keys.press("x")
        await expect(page.locator("[data-many-count]")).to_have_text("2 cochées")
        async with page.expect_navigation(wait_until="networkidle"):
            await keys.press("m")
        await expect(page.locator("h1")).to_contain_text("2")
        await keys.press(".")
        await keys.press("Enter")
        await page.locator("details[open] button[name=_do]").focus()
        await keys.press("Enter")
        await expect(page.locator("button[name=_sure]")).to_be_visible()
        await page.wait_for_load_state("networkidle")
        await keys.press("Control+Enter")
        await expect(page).to_have_url(re.compile("/plusieurs/"))
        await expect(page.get_by_role("status").first).to_be_visible()
    states = sorted([(await desk.record(one.reference)).state for one in made])
    assert states == ["received", "received", "working", "working"]


async def test_lines_are_ticked_without_scripts(desk, chromium):
    await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent", java_script_enabled=False) as page:
        await page.goto("/bureau")
        await page.locator("tbody input[type=checkbox]").first.check()
        await page.locator("#many button[type=submit]").click()
        await expect(page.locator("main tbody tr")).to_have_count(1)
