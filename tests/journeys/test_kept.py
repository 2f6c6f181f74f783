"""What is typed is kept while it is typed: a closed tab loses nothing, and a browser that can keep nothing says so."""

from playwright.async_api import expect

from parvis.web.addresses import address

from .people import PHONE, People
from .tour import POTHOLE
from .walking import see
from .words import say

BESIDE = "Devant la caserne, côté sud"
NOTHING_KEPT = "Object.defineProperty(window, 'indexedDB', { value: { open() { throw new Error('refused'); } } })"


async def test_a_tab_closed_while_somebody_types_loses_nothing(people: People):
    page = await people.come("fr", width=PHONE)
    await page.goto(address("fr", ":apply", *POTHOLE["fr"]))
    await page.locator("#place-words").press_sequentially(BESIDE)
    await expect(page.locator("[data-autosaved]")).to_contain_text("Enregistré à")
    await page.locator("#place-words").press_sequentially(", près de l’arbre")
    await page.close(run_before_unload=True)
    again = await page.context.new_page()
    await again.goto(address("fr"))
    await see(again, "Continuer : Nid-de-poule".replace(" :", "\u00a0:"))
    await again.locator(".resume__title").click()
    await expect(again.locator("#place-words")).to_have_value(f"{BESIDE}, près de l’arbre")


async def test_a_press_without_network_stays_on_its_page_and_goes_on_when_it_is_back(people: People):
    page = await people.come("fr", width=PHONE)
    await page.goto(address("fr", ":apply", *POTHOLE["fr"]))
    await page.locator("#place-words").fill(BESIDE)
    await expect(page.locator("[data-autosaved]")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await page.context.set_offline(True)
    await page.locator("main form .buttons button").first.click()
    await expect(page.get_by_role("alert")).to_contain_text("Vous êtes hors ligne")
    await expect(page.locator("#place-words")).to_have_value(BESIDE)
    await page.context.set_offline(False)
    await page.locator("main form .buttons button").first.click()
    await expect(page.get_by_role("alert")).to_contain_text(say("is_dangerous", "fr"))  # the place was taken
    await expect(page.locator("#place-words")).to_have_value(BESIDE)


async def test_a_browser_that_can_keep_nothing_says_so_before_much_is_typed(people: People):
    page = await people.come("fr", width=PHONE)
    await page.add_init_script(NOTHING_KEPT)
    await page.goto(address("fr", ":apply", *POTHOLE["fr"], ":offline"))
    await see(page, "Ce navigateur ne peut rien garder ici")
    await page.locator("#place-words").fill(BESIDE)
    await page.locator("[data-offline-keep]").click()
    await see(page, "Ce navigateur ne peut rien garder ici")
