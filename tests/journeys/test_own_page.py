"""Somebody has lost every link: a letter opens their page, they take everything with them and leave."""

import io
import json
import zipfile

import pytest
from playwright.async_api import expect

from . import portal
from .known import Known
from .people import DESK, PHONE, People
from .walking import press, press_button, see, see_heading
from .words import say

BOTH = [
    pytest.param("fr", True, PHONE, id="in French, on a telephone"),
    pytest.param("en", False, DESK, id="in English, without scripts"),
]


@pytest.mark.parametrize(("language", "scripts", "width"), BOTH)
async def test_a_mailed_link_opens_everything_of_one_person_and_leaving_closes_it(
    people: People, known: dict[str, Known], language, scripts, width
):
    page = await people.come(language, scripts=scripts, width=width)
    await page.goto(f"/{language}/")
    await press(page, page.get_by_role("contentinfo").get_by_role("link", name=say("my_requests", language)))
    await page.locator("#email").fill("Zoe@exemple.ca")
    await press_button(page, say("send_link", language))
    await see(page, say("look_in_mailbox", language))
    await portal.letter_about(page, "Zoe@exemple.ca", say("own_link", language))
    await portal.press_in_letter(page, f"/{say('own', language)}/")
    await press_button(page, say("open_my_page", language))
    await see(page, "zoe@exemple.ca", known["received"].reference, known["noise"].reference)

    # One of them opens as by its own link.
    row = page.locator("main li", has_text=known["noise"].reference)
    await press(page, row.get_by_role("link"))
    await see(page, known["noise"].reference)
    assert f"/{known['noise'].reference}" in page.url
    await page.go_back()

    # Everything in one archive.
    async with page.expect_download() as download:
        await page.get_by_role("link", name=say("download_everything", language)).click()
    archive = zipfile.ZipFile(io.BytesIO((await (await download.value).path()).read_bytes()))
    data = json.loads(archive.read("donnees.json"))
    assert known["noise"].reference in [each["reference"] for each in data["requests"]]
    assert known["noise"].reference in archive.read("lisez-moi.html").decode()

    await press_button(page, say("leave_my_page", language))
    await see_heading(page, say("my_requests", language))
    await page.go_back()
    await page.goto(f"/{language}/{say('own', language)}")
    await expect(page.locator("#email")).to_be_visible()
    await expect(page.locator("main")).not_to_contain_text(known["noise"].reference)
