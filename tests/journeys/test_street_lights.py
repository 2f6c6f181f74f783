"""Two street lights of two owners in one report: each is repaired in its own time, and then the whole is done."""

import re
from typing import TYPE_CHECKING

from playwright.async_api import expect

from . import desk, portal
from .fitness import assert_fit
from .people import AGENTS, DESK, PHONE, People
from .walking import choose, press, press_button, see, sign_in

if TYPE_CHECKING:
    from playwright.async_api import Page

SERVICE = "Lampadaire éteint ou brisé"
TYPED, ADDRESS = "1022 saint-joseph", "1022, boulevard Saint-Joseph Est"
OURS, THEIRS = "LR-04290", "LR-04107"  # of the boulevard, and of the avenue, whose lights hang on others' poles
EMAIL = "zoe.lampadaires@exemple.ca"
POWER, TOWN = "Électricité du Parvis", "Ville de Parvis"
DONE = "La lumière est revenue."


async def test_lights_of_two_owners_become_two_requests_and_the_whole_is_done_with_the_last(people: People):
    zoe = await people.come("fr", width=PHONE, closely=True)
    reference, link = await report(zoe)
    await zoe.goto(link)
    parts = zoe.locator("section[aria-labelledby=divided]")
    await expect(parts.locator("h3")).to_have_count(2)
    await expect(parts).to_contain_text(POWER)
    await expect(parts).to_contain_text(OURS)

    # At the desk both stand beside the whole, each with its owner; the first is repaired, and the whole is
    # under way until the other is.
    agent = await people.come("fr", width=DESK, closely=True)
    await sign_in(agent, AGENTS["clerk-fr"])
    await desk.search(agent, reference)
    ties = agent.locator("section[aria-labelledby=ties]")
    await expect(ties.locator("li")).to_have_count(2)
    await expect(ties).to_contain_text(POWER)
    whole = agent.url
    await repair(agent, whole, 0)
    await zoe.reload()
    await see(zoe, "Prise en charge", "Parce que le travail est commencé pour une des parties.")
    await portal_is_silent(zoe, reference)

    # With the last of them the whole is resolved by itself; she is told once, and asked whether it is so.
    await repair(agent, whole, 1)
    await agent.goto(whole)
    await see(agent, "Réglée")
    await portal.letter_to(zoe, EMAIL, f"Signalement {reference}\u00a0: c’est réglé")
    await zoe.goto(link)
    await see(zoe, "Est-ce réglé?")
    for page in (zoe, agent):
        await assert_fit(page)


async def test_what_two_people_reported_is_joined_and_both_are_told(people: People):
    zoe, luc = await people.come("fr", width=PHONE), await people.come("fr", width=PHONE)
    hers, her_link = await hole(zoe, "zoe.jointe@exemple.ca")
    his, _ = await hole(luc, "luc.jointe@exemple.ca")
    agent = await people.come("fr", width=DESK)
    await sign_in(agent, AGENTS["clerk-fr"])
    await desk.search(agent, hers)
    ties = agent.locator("section[aria-labelledby=ties]")
    if not await ties.is_visible():
        await agent.get_by_text("Autres actions et liens").click()
    await ties.locator("summary").click()
    await ties.get_by_label("Numéro de l’autre requête").fill(his)
    await press(agent, ties.get_by_role("button", name="Comparer les deux requêtes"))
    await see(agent, hers, his, "Ce qui se passe")
    await press_button(agent, "Joindre les requêtes")
    await see(agent, "Les deux requêtes sont jointes")

    # She is told, and then of the step made on his; her own link says where it stands, and nothing of him.
    await portal.letter_to(zoe, "zoe.jointe@exemple.ca", f"Requête {hers}\u00a0: traitée avec une autre")
    await desk.search(agent, his)
    await see(agent, hers)
    await desk.move(agent, "triage")
    letter = await portal.letter_to(zoe, "zoe.jointe@exemple.ca", f"Requête {hers}\u00a0: Prise en charge")
    assert his not in letter
    assert not re.search(r"\bLuc\b", letter)
    await zoe.goto(her_link)
    await see(zoe, "Traitée avec un autre signalement", "Prise en charge")


async def report(page: "Page") -> tuple[str, str]:
    await portal.find_service(page, "fr", "lampadaire éteint", SERVICE)
    box = page.get_by_label("Adresse, ou adresse la plus proche")
    await box.press_sequentially(TYPED)
    await page.get_by_role("option", name=ADDRESS).click()
    for code in (OURS, THEIRS):
        await page.locator("#place-assets").get_by_label(code).check()
    await portal.add_details(page)
    await choose(page, "Combien de lampadaires sont touchés?", "Quelques-uns")
    await choose(page, "Qu’est-ce qui ne va pas?", "Éteint la nuit")
    await choose(page, "Y a-t-il un danger?", "Non")
    await press_button(page, "Continuer")
    await portal.give_name(page, "fr", "named", name="Zoé Tremblay", email=EMAIL)
    return await portal.send(page, "fr")


async def hole(page: "Page", email: str) -> tuple[str, str]:
    await portal.find_service(page, "fr", "trou dans la rue", "Nid-de-poule")
    await portal.give_place(page, "fr", "4540 garnier", "4540, rue Garnier", scripts=True)
    await press_button(page, "Continuer")
    again = page.get_by_role("heading", name="Déjà signalé?", level=1)
    if await again.is_visible():
        await press_button(page, "Aucune de ces requêtes\u00a0: continuer la mienne")
    await portal.tell_of_pothole(page, "fr", scripts=True, photos={"trou.jpg": portal.photo("black")})
    await portal.give_name(page, "fr", "named", name=email.split(".")[0].title(), email=email)
    return await portal.send(page, "fr")


async def repair(page: "Page", whole: str, number: int) -> None:
    """Open one of the parts from the whole and settle it."""
    await page.goto(whole)
    await press(page, page.locator("section[aria-labelledby=ties] li").nth(number).get_by_role("link"))
    await desk.move(page, "resolve", {"reason": DONE})


async def portal_is_silent(page: "Page", reference: str) -> None:
    """Nothing says that it is done while a part is still to be."""
    here = page.url
    await page.goto(f"/demo/courriels?a={EMAIL}")
    await expect(page.locator("main table")).not_to_contain_text("c’est réglé")
    await page.goto(here)
