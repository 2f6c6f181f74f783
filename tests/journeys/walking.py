"""What a person's hands do on any page: press a button and wait for what comes, choose, look for words."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from .people import Agent


async def press(page: "Page", what: "Locator") -> None:
    """Press something that leads to another page, and wait until that page is there."""
    await follow(page, what.click)


async def follow(page: "Page", act: Callable[[], Awaitable[Any]]) -> None:
    async with page.expect_event("load"):
        await act()


async def press_button(page: "Page", name: str, within: str = "main") -> None:
    await press(page, page.locator(within).get_by_role("button", name=name, exact=True))


async def press_link(page: "Page", name: str, within: str = "main") -> None:
    await press(page, page.locator(within).get_by_role("link", name=name))


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


async def until(page: "Page", found: "Callable[[], Locator]", tries: int = 60) -> "Locator":
    """Load a page again until something stands on it; what a person does who waits for a letter."""
    for _ in range(tries):
        if await found().count():
            return found()
        await page.wait_for_timeout(250)
        await page.reload()
    raise AssertionError(f"never came to {page.url}: {found()}")


async def sign_in(page: "Page", agent: "Agent", onward: str = "/bureau") -> None:
    """Through the door, to the page wanted."""
    await page.goto(f"/connexion?next={onward}&langue={agent.language}")
    await page.locator("input[name=email]").fill(agent.email)
    await page.locator("input[name=password]").fill(agent.password)
    await press(page, page.locator("main button[type=submit]").last)
    await expect(page.locator("header")).to_contain_text(agent.name)
