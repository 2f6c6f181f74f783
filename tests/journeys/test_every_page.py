"""Every page and state, in both languages, on a telephone and on a desk: fit for everybody and whole."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import expect

from . import nu, tour_desk, tour_drafts, tour_installation, tour_own, tour_portal, tour_tracking
from .fitness import barriers, mistakes, out_of_reach, overflow, overflow_of_large_text
from .known import Known
from .people import DESK, HEIGHT, PHONE, People
from .tour import TOUR, Walk

if TYPE_CHECKING:
    from playwright.async_api import Page, Response

NARROW = 320
PICTURES = os.environ.get("PARVIS_TEST_PICTURES", "")
"""A folder for pictures of everything, for those who want to look at it."""
SCHEMES = {"fr": "light", "en": "dark"}
LOOKED_AT = {"fr": PHONE, "en": DESK}
"""The two languages share one markup: each is looked at on another screen."""
ROOMS = (tour_portal, tour_drafts, tour_tracking, tour_own, tour_desk, tour_installation)
WAYS = [name for room in ROOMS for name in vars(room) if name in TOUR]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the HTML of every page as it was sent."""
    return tmp_path_factory.mktemp("sources")


@pytest.fixture(scope="module")
def sessions() -> dict[str, list[Any]]:
    """Cookies of agents who are signed in: nobody types a password on every page."""
    return {}


@pytest.mark.parametrize("language", SCHEMES)
@pytest.mark.parametrize("name", WAYS)
async def test_every_page_is_fit_for_everybody(
    people: People, known: dict[str, Known], sessions: dict[str, list[Any]], sources: Path, name: str, language: str
):
    page = await people.come(language, width=DESK, color_scheme=SCHEMES[language])
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer) if is_page(answer, page) else None)
    wrong: list[str] = []
    async for stop in TOUR[name](
        Walk(page=page, language=language, known=known, sessions=sessions, address=people.address)
    ):
        await settled(page)
        source = await answers[-1].text()
        (sources / f"{name}-{stop.replace(' ', '-')}-{language}.html").write_text(source, "utf-8")
        found = mistakes(source, language)
        width = LOOKED_AT[language]
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        await picture(page, f"{name}-{stop}-{language}-{width}")
        found += [f"{width} px: {each}" for each in await barriers(page)]
        await page.set_viewport_size({"width": NARROW, "height": HEIGHT})
        found += await overflow(page, NARROW)
        await page.set_viewport_size({"width": DESK, "height": HEIGHT})
        found += await overflow_of_large_text(page, DESK)
        await page.emulate_media(forced_colors="active" if language == "en" else "none")
        found += await out_of_reach(page)
        await page.emulate_media(forced_colors="none")
        wrong += [f"{stop}: {each}" for each in found]
    assert not wrong, "\n".join(wrong)


def test_the_nu_checker_has_nothing_against_any_of_these_pages(sources: Path, java_and_npm: tuple[str, str]):
    assert nu.complaints(sources, *java_and_npm) == []


def is_page(answer: "Response", page: "Page") -> bool:
    return answer.request.is_navigation_request() and answer.frame == page.main_frame and not 300 <= answer.status < 400


async def settled(page: "Page") -> None:
    """Until its scripts have come and its maps are drawn."""
    await expect(page.locator("[data-map][hidden]")).to_have_count(0)
    await page.evaluate("new Promise(done => requestIdleCallback(done, {timeout: 1000}))")


async def picture(page: "Page", name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
