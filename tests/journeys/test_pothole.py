"""A pothole, from the telephone in the street to the closing, and the neighbour who saw the same one."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from parvis import clock

from . import desk, portal
from .people import AGENTS, DESK, People
from .walking import press, press_button, see, see_heading, sign_in
from .words import say

PROVINCIAL_ROAD = (-73.6372, 45.5465)
PLACES = {"fr": ("4001 berri", "4001, rue Berri"), "en": ("5115 rivard", "5115, rue Rivard")}
BOTH = [pytest.param("fr", True, id="in French"), pytest.param("en", False, id="in English, without scripts")]


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_a_pothole_is_filed_repaired_disputed_repaired_again_and_closed(people: People, language, scripts):
    zoe, neighbour = f"zoe.{language}@exemple.ca", f"voisine.{language}@exemple.ca"
    typed, address = PLACES[language]
    service = say("pothole", language)

    # From the street, on a telephone.
    resident = await people.come(language, scripts=scripts)
    await portal.find_service(resident, language, say("hole_in_the_street", language), service)
    await portal.give_place(resident, language, typed, address, scripts=scripts)
    photos = {"trou.jpg": portal.photo("black"), "rue.jpg": portal.photo("white")}
    await portal.tell_of_pothole(resident, language, scripts=scripts, photos=photos)
    await portal.give_name(resident, language, "named", name="Zoé Tremblay-O’Neill", email=zoe)
    reference, link = await portal.send(resident, language)
    await see(resident, address, zoe)
    promised = await resident.locator(".receipt strong").inner_text()
    await expect(resident.locator("main a[download]")).to_have_count(1)
    await expect(resident.locator(".code-frame svg")).to_be_visible()
    assert reference in link
    assert any(character.isdigit() for character in promised)

    # The acknowledgement comes, in her language, and its link opens the request in a browser that knows nothing.
    mailbox = await people.come(language, scripts=scripts)
    letter = await portal.letter_to(mailbox, zoe, say("report_received", language, reference))
    assert "Zoé Tremblay-O’Neill" in letter
    assert link in letter
    await portal.press_in_letter(mailbox, f"{reference}?cle=")
    await see_heading(mailbox, f"{service}, {address}")
    assert "cle=" not in mailbox.url

    # The agent of the roads finds it in the queue and by its words, takes it in charge, plans it and starts.
    agent = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(agent, AGENTS[f"roads-{language}"])
    await see(agent, reference)
    await desk.open_from_queue(agent, address, reference)
    await see(agent, say("note", language), "Zoé Tremblay-O’Neill", zoe)
    await expect(agent.locator(".photos img")).to_have_count(2)
    await desk.move(agent, "triage")
    planned = clock.now().date() + timedelta(days=3)
    await desk.move(agent, "plan", {"planned_on": planned, "reason": "Mardi matin / Tuesday morning."})
    await desk.move(agent, "start", {"work_order": "BT-2026-00042"})

    # A neighbour is about to file the same hole, sees that it is known, and follows it by the link of a letter.
    other = await people.come(language, scripts=scripts)
    await portal.find_service(other, language, service, service)
    await portal.give_place(other, language, typed, address, scripts=scripts)
    await see_heading(other, say("already", language))
    await see(other, address)
    known = other.locator("#similar > li", has_text=reference)
    await known.get_by_label(say("your_email", language)).fill(neighbour)
    await press(other, known.get_by_role("button", name=say("me_too", language)))
    await see(other, say("look_in_mailbox", language))
    await portal.letter_about(other, neighbour, reference)
    await portal.press_in_letter(other, f"/{say('following', language)}/")
    await press_button(other, say("yes_write", language))
    await see(other, say("you_follow", language))

    # Repaired, with a photo as proof; she reads it in her mailbox and on the page, and it is not true.
    await desk.move(agent, "resolve", {"reason": "Trou comblé. / Hole filled.", "proof": portal.photo("brown")})
    await portal.letter_to(mailbox, zoe, say("report_planned", language, reference))
    await portal.letter_to(mailbox, zoe, say("report_started", language, reference))
    letter = await portal.letter_to(mailbox, zoe, say("report_done", language, reference))
    assert "Trou comblé. / Hole filled." in letter
    assert say("is_it_settled", language) in letter
    await resident.goto(link)
    await see(resident, "Trou comblé. / Hole filled.", "Mardi matin / Tuesday morning.")
    await expect(resident.locator("#story img")).to_have_count(1)
    before = await portal.titles_of_story(resident)
    await portal.say_not_fixed(mailbox, language, "Il se creuse encore. / It opens again.")
    await resident.reload()
    assert (await portal.titles_of_story(resident))[: len(before)] == before
    await see(resident, reference, "Il se creuse encore. / It opens again.")

    # The same request is open again at the desk, whole with its history; repaired once more, and closed.
    await desk.search(agent, reference.lower().replace("-", " "))
    await see(agent, "Il se creuse encore. / It opens again.", "BT-2026-00042")
    assert "start" in await desk.steps_offered(agent)
    await desk.move(agent, "resolve", {"reason": "Refait à chaud. / Redone hot."})
    await resident.goto(link)
    await press_button(resident, say("yes_settled", language))
    await see(resident, say("thanks_settled", language))
    await desk.move(agent, "close")
    await resident.goto(link)
    await see(resident, "Refait à chaud. / Redone hot.", say("closed", language))
    await expect(resident.get_by_role("link", name=say("not_fixed", language))).to_be_visible()

    # The neighbour was told too, and sees the public page: the proof, no name, no work order, no link to act.
    letter = await portal.letter_to(other, neighbour, say("followed_done", language, reference))
    assert "Zoé" not in letter
    await other.goto(f"/{language}/{say('public', language)}/{reference}")
    await see(other, address, say("closed", language))
    for hidden in ("Zoé", zoe, say("note", language), "BT-2026-00042", "Refait à chaud"):
        assert hidden not in await other.content()
    await expect(other.locator("#main img")).to_have_count(1)


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_a_hole_in_a_provincial_road_is_answered_with_whose_it_is(people: People, language, scripts):
    resident = await people.come(language, scripts=scripts)
    await portal.find_service(resident, language, say("pothole", language), say("pothole", language))
    await portal.pin(resident, *PROVINCIAL_ROAD)
    await press_button(resident, say("continue", language))
    await see(resident, say("ministry", language))
    await expect(resident.locator("main a[href='https://www.quebec511.info/']")).to_be_visible()
    await expect(resident.locator("main a[href='tel:511']")).to_be_visible()


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
