"""What an agent does at the desk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playwright.async_api import expect

from .walking import Answer, answer, press, see, until

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


async def search(page: "Page", words: str) -> None:
    """The box above the queue; a reference leads to its request, other words to a list."""
    await page.goto("/bureau")
    await page.locator("#q-box").fill(words)
    await press(page, page.locator(".desk-search button"))


async def open_menu(page: "Page", group: str, name: str) -> None:
    """A page of the menu that is gathered with others."""
    gathered = page.locator("header details", has_text=group)
    await gathered.locator("summary").click()
    await press(page, gathered.get_by_role("link", name=name, exact=True))


async def open_from_queue(page: "Page", words: str, reference: str) -> None:
    """Find a request by what one knows of it, and open it."""
    await search(page, words)
    await press(page, page.locator("tr[data-row]", has_text=reference).get_by_role("link").first)
    await see(page, reference)


async def move(
    page: "Page",
    transition: str,
    answers: Mapping[str, Answer] = {},
) -> None:
    """One of the next steps, with what it asks."""
    form = await unfolded(page, f"/etape/{transition}")
    for code, given in answers.items():
        await answer(form, f"{transition}.{code}", given)
    await press(page, form.locator("button[type=submit]").first)
    await expect(page.locator("main .banner--ok")).to_be_visible()


async def unfolded(page: "Page", action: str) -> "Locator":
    """The form that posts to an address ending so, with the part of the page around it opened."""
    return await uncovered(page.locator(f"form[action$='{action}']"))


async def uncovered(wanted: "Locator") -> "Locator":
    """Something of a page, with the parts around it opened that were folded, from the outermost inwards."""
    for fold in await wanted.locator("xpath=ancestor::details").all():
        if not await fold.evaluate("each => each.open"):
            await fold.locator("summary").first.click()
    return wanted


async def steps_offered(page: "Page") -> set[str]:
    """The codes of the steps that the page offers."""
    actions = await page.locator("main form[action*='/etape/']").evaluate_all(
        "forms => forms.map(form => form.getAttribute('action'))"
    )
    return {action.rsplit("/", 1)[1] for action in actions}


async def assert_unknown(page: "Page", *words: str) -> None:
    """None of these words leads to a request, in open ones or closed ones."""
    for each in words:
        await page.goto(f"/bureau?{urlencode({'q': each, 'ouvertes': 'toutes'})}")
        await expect(page.locator("tr[data-row]")).to_have_count(0)


async def until_told(page: "Page", words: str) -> None:
    """Wait for what the host itself writes into the story, a moment after the step."""
    await until(page, lambda: page.locator(".timeline", has_text=words))


async def write_received(page: "Page", words: str) -> None:
    """What the person said, by telephone or at the counter."""
    await write(page, "/recu", words)


async def write(page: "Page", where: str, words: str) -> None:
    form = await unfolded(page, where)
    await form.locator("textarea").fill(words)
    await press(page, form.locator("button[type=submit]"))
    await see(page, words)


async def take_cash(page: "Page") -> None:
    """What is owed, paid over the counter."""
    await press(page, page.locator("a[href*='/frais/']").first)
    await page.locator("[name=deed][value=cash]").check()
    await press(page, page.locator("form.panel button[type=submit]"))


async def give_opinion(page: "Page", recommendation: str, conditions: str) -> None:
    """On the page of a task."""
    form = page.locator("form", has=page.locator("[name$='recommendation']"))
    await form.locator(f"[name$='recommendation'][value={recommendation}]").check()
    await form.locator("[name$='conditions']").fill(conditions)
    await press(page, form.locator("button[type=submit]").first)
    await expect(page.locator("main .banner--ok")).to_be_visible()


async def decide_condition(page: "Page", deed: str, words: str = "") -> None:
    """From the page of a request to that of its condition: what the town makes of the proof."""
    await press(page, page.locator("#obligations a.button").first)
    form = page.locator("form", has=page.locator("[name=deed]"))
    await form.locator(f"[name=deed][value={deed}]").check()
    if words:
        await form.locator("[name=reason]").fill(words)
    await press(page, form.locator("button[type=submit]").first)
    await expect(page.locator("main .banner--ok")).to_be_visible()
