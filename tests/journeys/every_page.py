"""Looks at every page and state in one language, on a telephone or on a desk: fit for everybody and whole."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT
from msgspec import Struct
from playwright.async_api import expect

from . import (
    tour_desk,
    tour_documents,
    tour_drafts,
    tour_fees,
    tour_granted,
    tour_inspections,
    tour_installation,
    tour_own,
    tour_plugins,
    tour_portal,
    tour_reviews,
    tour_supplements,
    tour_tracking,
)
from .fitness import barriers, lost_when_zoomed, mistakes, out_of_reach, overflow, overflow_of_large_text
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
ROOMS = (
    tour_portal,
    tour_drafts,
    tour_tracking,
    tour_own,
    tour_plugins,
    tour_desk,
    tour_documents,
    tour_granted,
    tour_reviews,
    tour_supplements,
    tour_inspections,
    tour_fees,
    tour_installation,
)
FORCED_COLOURS = {"en"}
GO_OFFLINE = {"without_network", "on_site"}
"""The ways on which a service worker matters; to have one costs each other way as much as two pages."""
WAYS = [name for room in ROOMS for name in vars(room) if name in TOUR]


class Seen(Struct, frozen=True, kw_only=True):
    """What the ways of one language share."""

    known: dict[str, Known]
    sources: Path
    """A folder for the HTML of every page as it was sent."""
    sessions: dict[str, list[Any]] = {}
    """Cookies of agents who are signed in: nobody types a password on every page."""
    pages: list[Any] = []
    """The page of the way before, of which nothing is left."""


async def look_at_every_stop(name: str, language: str, people: People, seen: Seen) -> list[str]:
    """What is wrong wherever one way of the tour stops."""
    async with browser(name, language, people, seen) as page:
        answers: list[Response] = []

        def answered(answer: "Response") -> None:
            if is_page(answer, page):
                answers.append(answer)

        page.on("response", answered)
        walk = Walk(page=page, language=language, known=seen.known, sessions=seen.sessions, address=people.address)
        wrong: list[str] = []
        async for stop in TOUR[name](walk):
            await settled(page)
            source = await answers[-1].text()
            (seen.sources / f"{name}-{stop.replace(' ', '-')}-{language}.html").write_text(source, "utf-8")
            found = mistakes(source, language) + await look(page, language, f"{name}-{stop}-{language}")
            wrong += [f"{stop}: {each}" for each in found]
        page.remove_listener("response", answered)
        return wrong + people.told()


@asynccontextmanager
async def browser(name: str, language: str, people: People, seen: Seen) -> "AsyncIterator[Page]":
    """The page of somebody who was never here, in the browser of the way before: styles and scripts it has still.

    A new browser costs as much as three pages. Where a way broke off, nobody takes its browser.
    """
    offline = name in GO_OFFLINE
    if offline or not seen.pages:
        keeps = "allow" if offline else "block"
        page = await people.come(language, width=DESK, color_scheme=SCHEMES[language], service_workers=keeps)
        await page.add_init_script(AXE_SCRIPT)  # much cheaper than to hand it to each page
    else:
        page = seen.pages.pop()
    yield page
    if not offline:
        await forget(page, people)
        seen.pages.append(page)


async def forget(page: "Page", people: People) -> None:
    """Everything that the town left in a browser."""
    await page.evaluate("sessionStorage.clear()")
    await page.goto("about:blank")
    await page.context.clear_cookies()
    settings = await page.context.new_cdp_session(page)
    for origin in people.ours[:2]:
        kept = {"origin": origin, "storageTypes": "local_storage,indexeddb,cache_storage"}
        await settings.send("Storage.clearDataForOrigin", kept)
    await settings.detach()


async def look(page: "Page", language: str, name: str) -> list[str]:
    """On a desk with large letters and by the keyboard, zoomed, on the screen of the language, on the narrowest.

    From wide to narrow, so that the browser lays a page out as seldom as may be.
    """
    wide = LOOKED_AT[language] == DESK
    found = await on_screen(page, DESK, name) if wide else []
    found += await overflow_of_large_text(page, DESK)
    found += await lost_when_zoomed(page, back=False)
    found += [] if wide else await on_screen(page, LOOKED_AT[language], name)
    await page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    found += await overflow(page, NARROW)
    await page.set_viewport_size({"width": DESK, "height": HEIGHT})
    return found + await out_of_reach(page, forced=language in FORCED_COLOURS)


async def on_screen(page: "Page", width: int, name: str) -> list[str]:
    """What axe has against the page on a screen of this width."""
    await page.set_viewport_size({"width": width, "height": HEIGHT})
    await picture(page, f"{name}-{width}")
    return [f"{width} px: {each}" for each in await barriers(page)]


def is_page(answer: "Response", page: "Page") -> bool:
    return answer.request.is_navigation_request() and answer.frame == page.main_frame and not 300 <= answer.status < 400


async def settled(page: "Page") -> None:
    """Until its scripts have come and its maps are drawn, to each of which one has to come."""
    for each in await page.locator("[data-map][hidden]").element_handles():
        await each.evaluate("each => each.scrollIntoView({ block: 'center' })")
    await expect(page.locator("[data-map][hidden]")).to_have_count(0)
    await page.evaluate("scrollTo(0, 0)")
    await page.evaluate("new Promise(done => requestIdleCallback(done, {timeout: 1000}))")


async def picture(page: "Page", name: str) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
