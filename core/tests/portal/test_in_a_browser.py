"""What scripts add to the portal: questions that come and go, news, an Enter key that presses the right button."""

import pytest

from parvis.requests.actors import Actor
from parvis.requests.lifecycle import make_move
from parvis.requests.request_service import RequestService
from parvis.requests.work.conversation import reply
from parvis_testing.browsing import expect, looking

pytestmark = pytest.mark.browser
ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
DESKTOP = {"width": 1280, "height": 900}


@pytest.fixture
async def receipt(host, url):
    """A request that is well under way, with a question of the town and words both ways."""
    raw = {
        "language": "fr",
        "answers": {"size": "large", "depth": 12, "danger": True, "why": "Les vélos tombent."},
        "place": {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est"},
        "requester": {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101"},
    }
    receipt = await RequestService(host).submit("parvis", "hole", raw, channel="portal")
    await make_move(host, receipt.reference, "start", {}, actor=ANA, mover="agent")
    await reply(host, receipt.reference, "Nous passons demain.", actor=ANA)
    await make_move(host, receipt.reference, "ask", {"reason": "De quel côté?"}, actor=ANA, mover="agent")
    return receipt


async def test_a_question_appears_when_its_condition_is_met(chromium, url):
    async with looking(chromium, url, viewport=DESKTOP) as page:
        await page.goto("/fr/demande/rues/nid-de-poule")
        await page.locator("#place").press_sequentially("4563 saint-urb")
        await page.get_by_role("option").first.click()
        await page.get_by_role("button", name="Continuer", exact=True).click()
        depth = page.get_by_label("Quelle profondeur?")
        await expect(depth).to_be_hidden()  # once scripts have come: without them everything is asked
        await page.get_by_label("Grand").check()
        await depth.wait_for(state="visible")


async def test_news_reach_an_open_page_by_themselves(chromium, url, receipt, host, monkeypatch):
    monkeypatch.setattr("parvis.web.track.live.LOOK_SECONDS", 0.1)
    async with looking(chromium, url, viewport=DESKTOP) as page:
        await page.goto(f"/fr/suivi/{receipt.reference}?cle={receipt.key}")
        await page.get_by_label("Votre message").fill("Je suis en train d’écrire")
        await reply(host, receipt.reference, "Une équipe est en route.", actor=ANA)
        await page.get_by_text("Une équipe est en route.").wait_for()
        assert await page.get_by_label("Votre message").input_value() == "Je suis en train d’écrire"


async def test_enter_in_a_box_goes_on_and_presses_no_other_button(chromium, url):
    async with looking(chromium, url, viewport=DESKTOP, java_script_enabled=False) as page:
        await page.goto("/fr/demande/rues/lampadaires")
        await page.get_by_label("Numéro").fill("A-1")
        await page.get_by_label("Je suis d’accord.").check()
        await page.get_by_label("Numéro").press("Enter")
        await page.wait_for_url("**/verification")


async def test_another_one_that_was_kept_is_there_when_the_page_is_loaded_again(chromium, url):
    async with looking(chromium, url, viewport=DESKTOP) as page:
        await page.goto("/fr/demande/rues/nid-de-poule?autre=1")
        await page.locator("#place-words").fill("Devant l’aréna")
        await expect(page.locator("[data-autosaved]")).to_contain_text("Enregistré à")
        await page.reload()
        await expect(page.locator("#place-words")).to_have_value("Devant l’aréna")
