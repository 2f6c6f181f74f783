"""Beginning from a photo that tells where it was taken, and from a code to scan: nothing has to be said twice."""

import pytest
from playwright.async_api import expect

from .known import POINT
from .people import People
from .portal import photo
from .walking import press, press_button, press_link, see, see_heading
from .words import say

ADDRESS = "4563, rue Saint-Urbain"
BOTH = [pytest.param("fr", True, id="in French"), pytest.param("en", False, id="in English, without scripts")]


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_a_photo_tells_the_place_and_goes_with_the_request(people: People, language, scripts):
    page = await people.come(language, scripts=scripts)
    await page.goto(f"/{language}/")
    taken = {"name": "trou.jpg", "mimeType": "image/jpeg", "buffer": photo(at=(POINT["lat"], POINT["lon"]))}
    if scripts:  # one press takes the photo, and the page that would ask for it is passed over
        await page.wait_for_load_state("networkidle")
        async with page.expect_file_chooser() as chooser:
            await page.locator("main").get_by_role("link", name=say("from_a_photo", language)).click()
        async with page.expect_event("load"):
            await (await chooser.value).set_files([taken])
    else:
        await press_link(page, say("from_a_photo", language))
        await page.locator("#photo").set_input_files([taken])
        await press_button(page, say("continue", language))

    await see(page, say("right_place", language), "trou.jpg", ADDRESS)
    await press(page, page.locator("button[name=service][value=pothole]"))
    await see_heading(page, say("pothole", language))
    await expect(page.locator("details.said summary")).to_contain_text(ADDRESS)  # told already, so it is not asked
    await expect(page.locator("#place")).to_have_value(ADDRESS)
    assert POINT["lat"] == pytest.approx(float(await page.locator("#place-lat").input_value()), abs=1e-4)


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_a_code_on_a_thing_opens_its_service_where_it_stands(people: People, language, scripts):
    page = await people.come(language, scripts=scripts)
    begin = {"fr": "commencer", "en": "begin"}[language]
    await page.goto(f"/{language}/{begin}?service=park_equipment&actif=equipment/003-0058")
    await see_heading(page, say("park_equipment", language))
    await expect(page.locator("details.said summary")).to_contain_text("003-0058")
    await expect(page.locator("#place-lon")).not_to_have_value("")


async def test_what_is_found_is_shown_while_one_types(people: People):
    page = await people.come("fr")
    await page.goto("/fr/")
    await page.get_by_label(say("what_happens", "fr")).press_sequentially("lampadère")
    await expect(page.locator("#found-services")).to_contain_text("Lampadaire éteint ou brisé")
    await expect(page.locator("#found-count")).to_contain_text("lampadère")
    await press(page, page.locator("#found-services").get_by_role("link").first)
    await see_heading(page, "Lampadaire éteint ou brisé")
