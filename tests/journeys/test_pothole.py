"""A pothole, from the telephone in the street to the closing, and the neighbour who saw the same one.

Walked in the four ways of `combinations`, which hold every pair of language, width and scripts.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from playwright.async_api import expect

from parvis import clock
from parvis.i18n import format_day, speaking

from . import desk, portal
from .combinations import Way, missed_pairs, walked_by_residents, walked_in_four_ways, walked_whole
from .fitness import assert_fit
from .people import AGENTS, DESK, PHONE, People
from .walking import press, press_button, see, see_heading, sign_in, today
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page

PROVINCIAL_ROAD = (-73.6372, 45.5465)
PLACES = {
    ("fr", PHONE): ("4001 berri", "4001, rue Berri"),
    ("en", PHONE): ("5115 rivard", "5115, rue Rivard"),
    ("en", DESK): ("4550 garnier", "4550, rue Garnier"),
    ("fr", DESK): ("4285 drolet", "4285, rue Drolet"),
}
ROUTED = {
    "fr": ("Le Plateau-Mont-Royal", "Raison du choix de l’unité", "Règle 3"),
    "en": ("Le Plateau-Mont-Royal", "Reason for this unit", "Rule 3"),
}
FILLED, REDONE = "Trou comblé. / Hole filled.", "Refait à chaud. / Redone hot."
AGAIN = "Il se creuse encore. / It opens again."
NAME = "Zoé Tremblay-O’Neill"


def test_every_pair_of_language_width_and_scripts_is_walked():
    assert missed_pairs() == set()


@walked_whole
async def test_a_pothole_is_filed_repaired_disputed_repaired_again_and_closed(people: People, way: Way):
    zoe, neighbour = way.email("zoe"), way.email("voisine")
    _, address = PLACES[way.language, way.width]
    resident = await way.come(people, closely=way.closely)
    reference, link = await file(resident, way, zoe)

    # The acknowledgement comes, in her language, and its link opens the request in a browser that knows nothing.
    mailbox = await way.come(people, closely=way.closely)
    letter = await portal.letter_to(mailbox, zoe, way.say("report_received", reference))
    assert NAME not in letter  # the first to an address that nobody has confirmed says nothing that was typed
    assert link not in letter  # whose key opens it for good: that of a message is bound to the address, and ends
    await portal.press_in_letter(mailbox, f"{reference}?cle=")
    await see_heading(mailbox, f"{way.say('pothole')}, {address}")
    assert "cle=" not in mailbox.url

    # The agent of the roads finds it in the queue and by its words, reads by which rule it came to them, takes it in
    # charge, plans it and starts.
    agent = await people.come("fr", width=DESK, scripts=way.scripts, closely=way.closely)
    await sign_in(agent, AGENTS[f"roads-{way.language}"])
    await see(agent, reference)
    await desk.open_from_queue(agent, address, reference)
    await see(agent, way.say("note"), NAME, zoe, *ROUTED[way.language])
    await expect(agent.locator(".request img")).to_have_count(2)
    await desk.move(agent, "triage")
    planned = today() + timedelta(days=3)
    await desk.move(agent, "plan", {"planned_on": planned, "reason": "Mardi matin / Tuesday morning."})
    await desk.move(agent, "start", {"work_order": "BT-2026-00042"})
    other = await way.come(people, closely=way.closely)
    await join(other, way, neighbour, reference)

    # Repaired, with a photo as proof; she reads it in her mailbox and on the page, and it is not true.
    await desk.move(agent, "resolve", {"reason": FILLED, "proof": portal.photo("brown")})
    await portal.letter_to(mailbox, zoe, way.say("report_planned", reference))
    await portal.letter_to(mailbox, zoe, way.say("report_started", reference))
    await resident.goto(link)
    await see(resident, "Mardi matin / Tuesday morning.")
    await dispute(mailbox, resident, way, zoe, reference, link)

    # The same request is open again at the desk, whole with its history; repaired once more, and closed.
    await desk.search(agent, reference.lower().replace("-", " "))
    await see(agent, AGAIN, "BT-2026-00042")
    assert "start" in await desk.steps_offered(agent)
    await desk.move(agent, "resolve", {"reason": REDONE})
    await settle(resident, way, link)
    await desk.move(agent, "close")
    await resident.goto(link)
    await see(resident, REDONE, way.say("closed"))
    await expect(resident.get_by_role("link", name=way.say("not_fixed"))).to_be_visible()

    # The neighbour was told too, and sees the public page: the proof, no name, no work order, no link to act.
    letter = await portal.letter_to(other, neighbour, way.say("followed_done", reference))
    assert "Zoé" not in letter
    await other.goto(f"/{way.language}/{way.say('public')}/{reference}")
    await see(other, address, way.say("closed"))
    for hidden in ("Zoé", zoe, way.say("note"), "BT-2026-00042", "Refait à chaud"):
        assert hidden not in await other.content()
    await expect(other.locator("#main img")).to_have_count(1)
    if way.closely:
        for page in (resident, other, agent):
            await assert_fit(page)


@walked_by_residents
async def test_the_residents_part_of_a_pothole_and_of_her_neighbour(people: People, way: Way):
    zoe, neighbour = way.email("zoe"), way.email("voisine")
    resident = await way.come(people)
    reference, link = await file(resident, way, zoe)
    other = await way.come(people)
    await join(other, way, neighbour, reference)
    agent = await people.come("fr", width=DESK)
    await sign_in(agent, AGENTS[f"roads-{way.language}"])
    await agent.goto(f"/bureau/requete/{reference}")
    await desk.move(agent, "resolve", {"reason": FILLED, "proof": portal.photo("brown")})
    await resident.goto(link)
    await dispute(other, resident, way, zoe, reference, link)
    await agent.reload()
    await desk.move(agent, "resolve", {"reason": REDONE})
    await settle(resident, way, link)
    await see(resident, REDONE)


async def file(page: "Page", way: Way, email: str) -> tuple[str, str]:
    """From the street to the receipt; the reference and the private link."""
    typed, address = PLACES[way.language, way.width]
    await portal.find_service(page, way.language, way.say("hole_in_the_street"), way.say("pothole"))
    await portal.give_place(page, way.language, typed, address, scripts=way.scripts)
    photos = {"trou.jpg": portal.photo("black"), "rue.jpg": portal.photo("white")}
    await portal.tell_of_pothole(page, way.language, scripts=way.scripts, photos=photos)
    await portal.give_name(page, way.language, "named", name=NAME, email=email)
    reference, link = await portal.send(page, way.language)
    await see(page, address, email)
    promised = await page.locator(".receipt strong").inner_text()
    await expect(page.locator("main a[download]")).to_have_count(1)
    await expect(page.locator(".code-frame svg")).to_be_visible()
    assert reference in link
    assert any(character.isdigit() for character in promised)
    return reference, link


async def join(page: "Page", way: Way, email: str, reference: str) -> None:
    """A neighbour is about to file the same hole, sees that it is known, and follows it by the link of a letter."""
    typed, address = PLACES[way.language, way.width]
    await portal.find_service(page, way.language, way.say("pothole"), way.say("pothole"))
    await portal.give_place(page, way.language, typed, address, scripts=way.scripts)
    await press_button(page, way.say("continue"))
    await see_heading(page, way.say("already"))
    await see(page, address)
    known = page.locator("#similar > li", has_text=reference)
    await known.get_by_label(way.say("your_email")).fill(email)
    await press(page, known.get_by_role("button", name=way.say("me_too")))
    await see(page, way.say("look_in_mailbox"))
    await portal.letter_about(page, email, reference)
    await portal.press_in_letter(page, f"/{way.say('following')}/")
    await press_button(page, way.say("yes_write"))
    await see(page, way.say("you_follow"))


async def dispute(mailbox: "Page", page: "Page", way: Way, email: str, reference: str, link: str) -> None:
    """The letter says that it is done, and so does the page; it is not true, and the same request opens again."""
    letter = await portal.letter_to(mailbox, email, way.say("report_done", reference))
    assert FILLED in letter
    assert way.say("is_it_settled") in letter
    await page.goto(link)
    await see(page, FILLED)
    await expect(page.locator("#story img")).to_have_count(1)
    before = await portal.titles_of_story(page)
    await portal.say_not_fixed(mailbox, way.language, AGAIN)
    await page.reload()
    assert (await portal.titles_of_story(page))[: len(before)] == before
    await see(page, reference, AGAIN)


async def settle(page: "Page", way: Way, link: str) -> None:
    """The one question at the end is answered with yes."""
    await page.goto(link)
    await press_button(page, way.say("yes_settled"))
    await see(page, way.say("thanks_settled"))


@walked_in_four_ways
async def test_a_hole_in_a_provincial_road_is_answered_with_whose_it_is(people: People, way: Way):
    resident = await way.come(people)
    await portal.find_service(resident, way.language, way.say("pothole"), way.say("pothole"))
    await portal.pin(resident, *PROVINCIAL_ROAD)
    await press_button(resident, way.say("continue"))
    await see(resident, way.say("ministry"))
    await expect(resident.locator("main a[href='https://www.quebec511.info/']")).to_be_visible()
    await expect(resident.locator("main a[href='tel:511']")).to_be_visible()


async def test_a_dangerous_hole_is_promised_within_a_day_and_goes_first(people: People):
    resident = await people.come("fr", closely=True)
    await portal.find_service(resident, "fr", "trou dangereux", "Nid-de-poule")
    await portal.give_place(resident, "fr", "955 marie-anne", "955, rue Marie-Anne Est", scripts=True)
    await portal.tell_of_pothole(resident, "fr", scripts=True, photos={"trou.jpg": portal.photo()}, dangerous=True)
    await portal.give_name(resident, "fr", "anonymous")
    await portal.send(resident, "fr")
    with speaking("fr"):
        await see(resident, "Promis au plus tard", format_day(clock.now() + timedelta(hours=24)))
    reference = await resident.locator(".receipt .reference").inner_text()
    await assert_fit(resident)

    agent = await people.come("fr", width=DESK, closely=True)
    await sign_in(agent, AGENTS["roads-fr"])
    await desk.search(agent, reference)
    await see(agent, "Danger\u00a0: endroit sécurisé", "24 heures", "Nid-de-poule dangereux", "Urgente")
    await expect(agent.locator(".case-head")).to_contain_text("dans 1 jour")
    await assert_fit(agent)


async def test_photos_lose_the_place_and_the_maker_on_the_way(people: People):
    from io import BytesIO

    from PIL import Image

    resident = await people.come("fr")
    await portal.find_service(resident, "fr", "nid de poule", "Nid-de-poule")
    await portal.give_place(resident, "fr", "4816 rivard", "4816, rue Rivard", scripts=True)
    await portal.tell_of_pothole(resident, "fr", scripts=True, photos={"trou.jpg": portal.photo(camera="Cassini 5")})
    await portal.give_name(resident, "fr", "anonymous")
    await portal.send(resident, "fr")
    await press(resident, resident.get_by_role("link", name=say("follow_mine", "fr")))
    address = await resident.locator(".files a, .photos a, a[href*='/fichiers/']").first.get_attribute("href")
    kept = await (await resident.request.get(address)).body()
    assert b"Cassini" not in kept
    assert not Image.open(BytesIO(kept)).getexif()
