"""Photos in a real browser: shown when they are chosen, made lighter before they travel, taken out, sent in order."""

import io

import pytest
from PIL import Image

from parvis.requests.attached.images import place_of
from parvis_testing.browsing import expect, looking

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
FILES = "[...document.querySelector('input[type=file]').files].map(file => [file.name, file.type, file.size])"
PIXELS = """async () => {
    const bitmap = await createImageBitmap(document.querySelector('input[type=file]').files[0]);
    return [bitmap.width, bitmap.height];
}"""


def photo(size=(60, 40), format="JPEG", orientation=1):
    exif = Image.Exif()
    exif[0x0112] = orientation
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (45.0, 31.0, 27.0), "W", (73.0, 34.0, 52.0)
    written = io.BytesIO()
    Image.effect_noise((90, 60), 80).convert("RGB").resize(size).save(written, format, quality=97, exif=exif)
    return written.getvalue()


def chosen(name, content, kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": content}


async def to_photos(page):
    await page.goto("/fr/demande/rues/nid-de-poule")
    await page.locator("#place").press_sequentially("4563 saint-urb")
    await page.get_by_role("option").first.click()
    await page.locator("main form .buttons button[type=submit]").first.click()
    await page.get_by_label("Petit").check()
    await page.locator("#danger-no, [name=danger][value=no]").first.check()
    await page.locator("main form .buttons button[type=submit]").first.click()
    await page.locator("#photos").wait_for()


async def test_photos_are_shown_when_chosen_made_lighter_and_sent_in_their_order(chromium, url):
    async with looking(chromium, url, viewport=PHONE) as page:
        await to_photos(page)
        large = photo((3000, 2000), orientation=6)
        assert place_of(large) is not None
        small = photo()
        await page.locator("#photos").set_input_files([chosen("grande.jpg", large), chosen("petite.jpg", small)])
        frame = page.locator("[data-files=photo]")
        await expect(frame.get_by_role("status")).to_contain_text("2 fichiers prêts")
        (first, second) = await page.evaluate(FILES)
        assert (first[0], second) == ("grande.jpg", ["petite.jpg", "image/jpeg", len(small)])
        assert first[2] < len(large)
        assert await page.evaluate(PIXELS) == [1365, 2048], "upright, and no longer than it need be"
        assert await frame.locator("img").evaluate_all("all => all.map(one => one.alt)") == [
            "Photo 1 sur 2",
            "Photo 2 sur 2",
        ]
        await page.locator("#photos").set_input_files([chosen("trop.jpg", photo((50, 40)))])
        await expect(frame.get_by_role("status")).to_contain_text("2 fichiers au plus. Non gardés : trop.jpg")
        async with page.expect_event("load"):
            await page.locator("main form .buttons button[type=submit]").first.click()
        await page.go_back()
        names = page.locator("[data-kept] .files__name")
        await expect(names.first).to_contain_text("grande.jpg")
        await expect(names.last).to_contain_text("petite.jpg")
        assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_what_the_browser_cannot_read_goes_as_it_is_and_is_taken_out_by_a_press(chromium, url):
    async with looking(chromium, url, viewport=PHONE) as page:
        await to_photos(page)
        plain, heic = photo(), photo((1500, 1000), "HEIF") + bytes(500_000)
        await page.locator("#photos").set_input_files(
            [chosen("IMG_1.HEIC", heic, "image/heic"), chosen("vide.jpg", b""), chosen("b.jpg", plain)]
        )
        status = page.locator("[data-files=photo]").get_by_role("status")
        await expect(status).to_contain_text("vide.jpg est vide.")
        assert await page.evaluate(FILES) == [
            ["IMG_1.HEIC", "image/heic", len(heic)],
            ["b.jpg", "image/jpeg", len(plain)],
        ]
        await page.get_by_role("button", name="Retirer IMG_1.HEIC").click()
        await expect(status).to_contain_text("1 fichier prêt")
        assert [name for name, *_ in await page.evaluate(FILES)] == ["b.jpg"]
