"""The line of QR codes in the menu, where nothing else is gathered with it."""

import pytest

from parvis_testing.browsing import at_the_desk, expect

pytestmark = pytest.mark.browser


async def test_a_group_of_one_page_is_that_page(desk, chromium):
    async with at_the_desk(desk, chromium) as page:
        await page.goto("/bureau")
        await expect(page.get_by_role("link", name="Codes QR", exact=True)).to_be_visible()
        await expect(page.locator("nav details", has_text="Gestion")).to_have_count(0)
