"""The network is cut: a request is begun on the telephone with a photo, kept, and sent by one press, not before."""

from typing import TYPE_CHECKING

import pytest
from playwright.async_api import expect

from parvis.web.addresses import address

from .people import PHONE, People
from .portal import photo
from .tour import POTHOLE
from .walking import press, see, see_heading

if TYPE_CHECKING:
    from playwright.async_api import Page, Request

SAID = {
    "fr": {
        "cut": "Vous êtes hors ligne",
        "service": "Nid-de-poule",
        "place": "Devant la bibliothèque, côté nord",
        "kept": "Gardé sur cet appareil",
        "waiting": "1 brouillon à envoyer",
        "send": "Envoyer",
        "received": "Votre requête est reçue",
    },
    "en": {
        "cut": "You are offline",
        "service": "Pothole",
        "place": "In front of the library, north side",
        "kept": "Kept on this device",
        "waiting": "1 draft to send",
        "send": "Send",
        "received": "Your request has been received",
    },
}
FAR = {"fr": {"longitude": -73.5671, "latitude": 45.5312}, "en": {"longitude": -73.5634, "latitude": 45.5341}}


@pytest.mark.parametrize("language", SAID)
async def test_a_request_begun_without_network_is_sent_by_one_press_and_never_by_itself(people: People, language: str):
    said = SAID[language]
    page = await people.come(language, width=PHONE, geolocation=FAR[language], permissions=["geolocation"])
    sent: list[str] = []
    page.context.on("request", lambda request: note(request, sent))
    await page.goto(address(language))
    await page.evaluate("navigator.serviceWorker.ready.then(ready => Boolean(ready.active))")
    await page.context.set_offline(True)
    await page.goto(address(language, ":apply", *POTHOLE[language]))
    await see_heading(page, said["cut"])
    await page.locator("main").get_by_role("link", name=said["service"], exact=True).click()
    await fill_in(page, said["place"])
    await see(page, said["kept"])
    await page.reload()
    await expect(page.locator("#place-words")).to_have_value(said["place"])
    await expect(page.locator("input[name=size][value=large]")).to_be_checked()
    await expect(page.locator("ul.files li")).to_have_count(1)
    await page.context.set_offline(False)
    await page.goto(address(language))
    bar = page.locator(".kept-bar")
    await expect(bar).to_contain_text(said["waiting"])
    assert sent == []
    await press(page, bar.get_by_role("button", name=said["send"], exact=True))
    assert page.url.endswith(("/recu", "/receipt"))
    assert len(sent) == 1
    await expect(page.locator(".receipt .reference")).to_be_visible()
    await page.goto(address(language))
    await page.wait_for_load_state("networkidle")
    await expect(bar).to_have_count(0)
    assert await page.evaluate("localStorage.getItem('parvis_kept')") is None


def note(request: "Request", sent: list[str]) -> None:
    if request.method == "POST":
        sent.append(request.url)


async def fill_in(page: "Page", place: str) -> None:
    await page.locator("[data-position]").click()
    await expect(page.locator("input[name='place.lon']")).not_to_have_value("")
    await page.locator("#place-words").fill(place)
    for name, value in (("size", "large"), ("surface", "lane"), ("danger", "no"), ("mode", "anonymous")):
        await page.locator(f"input[name={name}][value={value}]").check()
    picture = {"name": "trou.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    await page.locator("input[type=file]").first.set_input_files([picture])
    await expect(page.locator("ul.files li")).to_have_count(1)
