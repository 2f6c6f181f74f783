"""What a resident does on the portal and on the page of their request."""

import io
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image
from PIL.ExifTags import IFD
from playwright.async_api import expect

from .walking import choose, press, press_button, see, see_heading, today, until
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page


@cache
def photo(colour: str = "grey", camera: str = "", at: tuple[float, float] | None = None) -> bytes:
    """A picture as a telephone takes it, with its maker in its metadata and, if it knows, where that was."""
    picture = Image.effect_noise((640, 480), 60).convert("RGB")
    picture.paste(colour, (100, 100, 300, 260))
    exif = Image.Exif()
    exif[0x010F] = camera or "Téléphone de Zoé"
    if at:
        for number, (degrees, sides) in enumerate(zip(at, ("NS", "EW"), strict=True)):
            minutes = abs(degrees) % 1 * 60
            exif.get_ifd(IFD.GPSInfo)[1 + 2 * number] = sides[degrees < 0]
            exif.get_ifd(IFD.GPSInfo)[2 + 2 * number] = (
                float(int(abs(degrees))),
                float(int(minutes)),
                minutes % 1 * 60,
            )
    held = io.BytesIO()
    picture.save(held, "JPEG", exif=exif)
    return held.getvalue()


async def find_service(page: "Page", language: str, words: str, service: str) -> None:
    """From the first page, by what one would say, to the form."""
    await page.goto(f"/{language}/")
    await page.get_by_label(say("what_happens", language)).fill(words)
    await press_button(page, say("search", language))
    await press(page, page.locator("main").get_by_role("link", name=service).first)
    await see_heading(page, service)


async def give_place(page: "Page", language: str, typed: str, address: str, *, scripts: bool) -> None:
    """The address picked from the suggestions while typing, or looked up with a button where there are no scripts."""
    box = page.get_by_label(say("address", language))
    if scripts:
        await expect(page.get_by_role("combobox")).to_be_attached()
        await box.press_sequentially(typed)
        await page.get_by_role("option", name=address).click()
        await expect(box).to_have_value(address)
        await expect(page.locator("#place-lon")).not_to_have_value("")
    else:
        await box.fill(typed)
        await press_button(page, say("look_up", language))
        await page.get_by_label(address).check()
    if not await is_short(page):
        await press_button(page, say("continue", language))


async def is_short(page: "Page") -> bool:
    """Whether the form has two pages: where and what, then who and the last look."""
    return await page.locator(".steps li").count() == 2


async def add_details(page: "Page") -> None:
    """Unfold the questions that a short form leaves aside."""
    folded = page.locator("details.more:not([open]) > summary")
    if await folded.count():
        await folded.click()


async def pin(page: "Page", lon: float, lat: float) -> None:
    """What a press on the map does."""
    for part, value in (("lon", lon), ("lat", lat)):
        await page.locator(f"#place-{part}").evaluate("(box, value) => { box.value = value }", str(value))


async def tell_of_pothole(
    page: "Page", language: str, *, scripts: bool, photos: dict[str, bytes], dangerous: bool = False
) -> None:
    """The questions about the hole; one of them forgotten first, and asked for again."""
    await add_details(page)
    await choose(page, say("how_large", language), say("large", language))
    await choose(page, say("where_in_street", language), say("in_lane", language))
    await press_button(page, say("continue", language))
    await expect(page.get_by_role("alert")).to_contain_text(say("is_dangerous", language))
    await expect(page.get_by_label(say("large", language), exact=True)).to_be_checked()
    await choose(page, say("is_dangerous", language), say("yes" if dangerous else "no", language))
    if dangerous:
        await see(page, "911")
    await page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": content} for name, content in photos.items()]
    )
    if scripts:
        await expect(page.locator("ul.files li")).to_have_count(len(photos))
    await page.locator("textarea").fill(say("note", language))
    await press_button(page, say("continue", language))


async def give_name(page: "Page", language: str, mode: str, **contact: str) -> None:
    await page.get_by_label(say(mode, language), exact=True).check()
    for name, value in contact.items():
        await page.locator(f"input[name={name}]").fill(value)
    if not await is_short(page):
        await press_button(page, say("continue", language))


async def send(page: "Page", language: str) -> tuple[str, str]:
    """The last look, then the receipt: the reference and the private link."""
    await see_heading(page, say("details_and_send" if await is_short(page) else "review", language))
    await press_button(page, say("send", language))
    await see_heading(page, say("received", language))
    reference = await page.locator(".receipt .reference").inner_text()
    return reference, await page.locator(".private-link a").inner_text()


def last_tuesday() -> date:
    """On no Tuesday is recycling collected on the Plateau: it comes on Wednesdays."""
    yesterday = today() - timedelta(days=1)
    return yesterday - timedelta(days=(yesterday.weekday() - 1) % 7)


async def letter_to(page: "Page", email: str, subject: str) -> str:
    """Open the newest letter of that subject in somebody's mailbox, once it has come; its text."""
    await page.goto(f"/demo/courriels?a={email}")
    row = await until(page, lambda: page.locator("main table").get_by_role("link", name=subject, exact=True))
    await press(page, row.first)
    await see_heading(page, subject)
    return await page.locator("main .panel").last.inner_text()


async def letter_about(page: "Page", email: str, words: str) -> str:
    """Open the newest letter to somebody whose subject has these words, once it has come; its text."""
    await page.goto(f"/demo/courriels?a={email}")
    row = await until(page, lambda: page.locator("main table th a", has_text=words))
    await press(page, row.first)
    return await page.locator("main .panel").last.inner_text()


async def press_in_letter(page: "Page", part: str) -> None:
    """The link of the open letter whose address has these words."""
    await press(page, page.locator(f"main ul.links a[href*='{part}']").first)


async def say_not_fixed(page: "Page", language: str, words: str) -> None:
    """From the letter that is open: its link asks what is wrong, and only what is sent there changes anything."""
    await press_in_letter(page, "reponse=non")
    await see_heading(page, say("not_fixed", language))
    await page.locator("textarea").first.fill(words)
    await page.locator("input[type=file]").set_input_files(
        {"name": "encore.jpg", "mimeType": "image/jpeg", "buffer": photo("brown")}
    )
    await press_button(page, say("not_fixed", language))
    await see(page, say("open_again", language))


async def titles_of_story(page: "Page") -> list[str]:
    """The titles of the story, oldest first."""
    titles = await page.locator("#story .timeline__what").all_inner_texts()
    return [" ".join(title.split()) for title in reversed(titles)]


async def save_address(page: "Page") -> str:
    """Where the document on the page of its request is saved from."""
    address = await page.locator("a[href*='/documents/']").first.get_attribute("href")
    assert address is not None
    return address
