"""One request at the desk: what a usual answer needs is in sight without scrolling, in both languages."""

import pytest

from .fitness import assert_fit, overflow
from .known import Known
from .people import AGENTS, DESK, PHONE, People
from .walking import sign_in

LOWEST = "found => Math.max(...found.map(each => each.getBoundingClientRect().bottom + window.scrollY))"
WIDE, NARROW = 900, 800
USUAL = ".request, .steps__line, #reply-words, [name=_send], #answers, .compose summary"
FIRST = ".case-marks, .request__said, .steps__line > :first-child"


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_what_a_usual_answer_needs_is_in_sight(people: People, known: dict[str, Known], language: str):
    page = await people.come(language, width=DESK)
    await sign_in(page, AGENTS[f"manager-{language}"])
    await page.goto(f"/bureau/requete/{known['received'].reference}")
    assert await page.locator(USUAL).evaluate_all(LOWEST) <= WIDE
    await assert_fit(page)
    await page.set_viewport_size({"width": PHONE, "height": NARROW})
    assert await page.locator(FIRST).evaluate_all(LOWEST) <= NARROW
    assert await overflow(page, PHONE) == []
