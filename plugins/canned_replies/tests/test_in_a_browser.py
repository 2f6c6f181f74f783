"""In a real browser: a text that is put into a message is in sight when the page is back."""

import re

import pytest

from parvis_testing.browsing import at_the_desk, expect

pytestmark = pytest.mark.browser


async def test_a_text_from_the_list_is_in_sight_in_the_message_when_the_page_is_back(desk, chromium):
    made = await desk.request("hole", "roads")
    async with at_the_desk(desk, chromium, "agent", viewport={"width": 360, "height": 640}) as page:
        await page.goto(f"/bureau/requete/{made.reference}")
        await page.locator("#reply-words").fill("Bonjour,")
        await page.locator("select[name=_ready]").select_option(index=1)
        await page.locator("button[name=_insert]").click()
        await expect(page.locator("#reply-words")).to_have_value(re.compile("^Bonjour,\n\n."))
        await expect(page.locator("#reply-words")).to_be_in_viewport()
