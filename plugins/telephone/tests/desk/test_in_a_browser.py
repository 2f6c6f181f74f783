"""A call taken in a real browser, by keyboard alone."""

import re

import pytest

from parvis_testing.browsing import at_the_desk, expect
from parvis_testing.desk import said

pytestmark = pytest.mark.browser


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
        await keys.press("ArrowDown")
        await expect(pick).to_be_focused()
        await keys.press("Enter")
        await expect(page.locator("#place")).to_be_focused()
        await page.wait_for_load_state("networkidle")
        await keys.type("4563 rue saint-urb")
        await expect(page.locator("#place-list li").first).to_be_visible()
        await keys.press("ArrowDown")
        await keys.press("Enter")
        await expect(page.locator("#found-places")).to_contain_text(said("No open request around here."))
        await keys.press("Enter")
        await expect(page.locator("#what-box")).to_be_focused()
        await keys.type("trous dans la ru")
        kind = page.locator("#found-types .pick").first
        await expect(kind).to_contain_text("Trou")
        await keys.press("ArrowDown")
        await expect(kind).to_be_focused()
        await keys.press("Enter")
        await expect(page.locator("#questions")).to_be_focused()
        await page.wait_for_load_state("networkidle")
        await keys.press("Tab")
        await keys.press("Space")
        await keys.press("Control+Enter")
        await expect(page.locator("#opened")).to_be_visible()
        reference = await page.locator(".receipt .reference").inner_text()
        await expect(page.locator("main a.button").first).to_be_focused()
    record = await desk.record(re.sub(r"\s", "", reference))
    assert (record.type, record.channel, record.address) == ("hole", "phone", "4563, rue Saint-Urbain")
    assert record.answers["words"] == "trous dans la ru"
    assert record.reference != known.reference
