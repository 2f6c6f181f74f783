"""The menu of the desk: one calm line, every page of one's own at hand, the page one is on marked, by keyboard too."""

import pytest

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
        for path in ("/bureau", "/bureau/non-remis", "/bureau/compte"):
            await page.goto(path)
            assert await page.evaluate(LINES) == 1
        await page.set_viewport_size({"width": 360, "height": 800})
        assert await page.evaluate(LINES) == 2  # the town and what is one’s own, then the menu, which scrolls
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
