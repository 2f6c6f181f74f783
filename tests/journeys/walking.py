"""What a person's hands do on any page: press a button and wait for what comes, choose, look for words."""

from collections.abc import Awaitable, Callable
from datetime import date, time
from typing import TYPE_CHECKING, Any
from weakref import WeakSet
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from parvis import clock
from parvis.example_towns import town_folder
from parvis.jurisdictions.calendars import is_business_day, next_business_day
from parvis.jurisdictions.loading import load_jurisdictions

from .fitness import assert_fit

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from .people import Agent


CLOSELY: "WeakSet[Page]" = WeakSet()
"""The pages of those who look closely: whatever they leave was fit for everybody, and at a zoom of 200 %."""


def today() -> date:
    """The day that it is in the town: in the evening it is tomorrow already where clocks of machines stand."""
    return clock.now().astimezone(ZoneInfo("America/Toronto")).date()


def working_day() -> date:
    """Today, or the next day on which the town is open when today it is not: a day for which a visit can be planned."""
    calendar, day = load_jurisdictions(town_folder()).jurisdiction("parvis").calendar, today()
    return day if is_business_day(calendar, day) else next_business_day(calendar, day)


async def press(page: "Page", what: "Locator") -> None:
    """Press something that leads to another page, and wait until that page is there."""
    if page in CLOSELY:
        await assert_fit(page)
    await follow(page, what.click)


async def follow(page: "Page", act: Callable[[], Awaitable[Any]]) -> None:
    async with page.expect_event("load"):
        await act()


async def press_button(page: "Page", name: str, within: str = "main") -> None:
    await press(page, page.locator(within).get_by_role("button", name=name, exact=True))


async def press_link(page: "Page", name: str, within: str = "main") -> None:
    await press(page, page.locator(within).get_by_role("link", name=name))


async def come_to_map(page: "Page") -> None:
    """Wait for the map, which loads when it is scrolled into view."""
    await page.locator(".map__canvas").first.evaluate("each => each.scrollIntoView({ block: 'center' })")
    await expect(page.locator("[data-map][hidden]")).to_have_count(0)


async def see_heading(page: "Page", name: str) -> None:
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


async def see(page: "Page", *words: str, within: str = "main") -> None:
    for each in words:
        await expect(page.locator(within)).to_contain_text(each)


async def not_see(page: "Page", *words: str, within: str = "main") -> None:
    for each in words:
        await expect(page.locator(within)).not_to_contain_text(each)


async def choose(page: "Page", question: str, answer: str) -> None:
    """One of the answers offered to a question, by what stands beside them."""
    await page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


Answer = str | bool | date | time | bytes | list[str]


async def answer(within: "Page | Locator", name: str, given: Answer) -> None:
    """Answer one question of a form by its name, whatever kind it is."""
    if isinstance(given, date):
        for part, value in (("day", given.day), ("month", given.month), ("year", given.year)):
            await within.locator(f"[name='{name}.{part}']").fill(str(value))
    elif isinstance(given, bytes):
        picture = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": given}
        await within.locator(f"input[type=file][name='{name}']").set_input_files([picture])
    elif isinstance(given, list):
        for one in given:
            await within.locator(f"[name='{name}'][value='{one}']").check()
    elif isinstance(given, time):
        await within.locator(f"[name='{name}']").fill(given.strftime("%H:%M"))
    elif given is True:
        await within.locator(f"[name='{name}'][type=checkbox]").check()
    elif await within.locator(f"input[type=radio][name='{name}']").count():
        await within.locator(f"[name='{name}'][value='{given}']").check()
    else:
        box = within.locator(f":is(input, textarea, select)[name='{name}']")  # no meta of the head
        await box.fill(str(given))
        await box.press("Tab")


async def until(page: "Page", found: "Callable[[], Locator]", tries: int = 60) -> "Locator":
    """Load a page again until something stands on it; what a person does who waits for a letter."""
    for _ in range(tries):
        if await found().count():
            return found()
        await page.wait_for_timeout(250)
        await page.reload()
    raise AssertionError(f"never came to {page.url}: {found()}")


async def sign_in(page: "Page", agent: "Agent") -> None:
    """Through the door, to where the agent's work is."""
    await page.goto(f"/connexion?langue={agent.language}")
    await page.locator("input[name=email]").fill(agent.email)
    await page.locator("input[name=password]").fill(agent.password)
    await press(page, page.locator("main button[type=submit]").last)
    await expect(page.locator("header")).to_contain_text(agent.name)
