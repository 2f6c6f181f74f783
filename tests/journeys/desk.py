"""What an agent does at the desk."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from playwright.async_api import expect

from .walking import press, see

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


async def search(page: "Page", words: str) -> None:
    """The box above the queue; a reference leads to its request, other words to a list."""
    await page.goto("/bureau")
    await page.locator("#q-box").fill(words)
    await press(page, page.locator(".desk-search button"))


async def open_from_queue(page: "Page", words: str, reference: str) -> None:
    """Find a request by what one knows of it, and open it."""
    await search(page, words)
    await press(page, page.locator("tr[data-row]", has_text=reference).get_by_role("link").first)
    await see(page, reference)


async def move(
    page: "Page",
    transition: str,
    answers: Mapping[str, str | date | bytes] = {},
) -> None:
    """One of the next steps, with what it asks."""
    form = await unfolded(page, f"/etape/{transition}")
    for code, answer in answers.items():
        await give(form, f"{transition}.{code}", answer)
    await press(page, form.locator("button[type=submit]").first)
    await expect(page.locator("main .banner--ok")).to_be_visible()


async def give(form: "Locator", name: str, answer: str | date | bytes) -> None:
    if isinstance(answer, date):
        for part, value in (("day", answer.day), ("month", answer.month), ("year", answer.year)):
            await form.locator(f"[name='{name}.{part}']").fill(str(value))
    elif isinstance(answer, bytes):
        picture = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": answer}
        await form.locator(f"input[type=file][name='{name}']").set_input_files([picture])
    elif await form.locator(f"input[type=radio][name='{name}']").count():
        await form.locator(f"[name='{name}'][value='{answer}']").check()
    else:
        await form.locator(f"[name='{name}']").fill(answer)


async def unfolded(page: "Page", action: str) -> "Locator":
    """The form that posts to an address ending so, with the part of the page around it opened."""
    form = page.locator(f"form[action$='{action}']")
    if not await form.is_visible():
        await page.locator("details", has=page.locator(f"form[action$='{action}']")).locator("summary").first.click()
    return form


async def steps_offered(page: "Page") -> set[str]:
    """The codes of the steps that the page offers."""
    actions = await page.locator(".moves form[action*='/etape/']").evaluate_all(
        "forms => forms.map(form => form.getAttribute('action'))"
    )
    return {action.rsplit("/", 1)[1] for action in actions}


async def write_note(page: "Page", words: str) -> None:
    form = await unfolded(page, "/note")
    await form.locator("textarea").fill(words)
    await press(page, form.locator("button[type=submit]"))
    await see(page, words)


