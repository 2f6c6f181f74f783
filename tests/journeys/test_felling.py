"""A tree is felled with a certificate; months later its replacement wakes the request by itself.

Both walks come to the certificate first, then the time of a copy of the town is moved once for both.
"""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from msgspec import Struct
from playwright.async_api import expect

from . import desk, portal
from .combinations import Way
from .people import AGENTS, DESK, PHONE, People
from .serving import Served, served_later
from .walking import answer, not_see, press, press_button, see, see_heading, sign_in, today

if TYPE_CHECKING:
    from playwright.async_api import Page

WALKS = (Way(language="fr", width=PHONE, scripts=True), Way(language="en", width=DESK, scripts=False))
PLACES = {"fr": ("4540 garnier", "4540, rue Garnier"), "en": ("4285 drolet", "4285, rue Drolet")}
SPLIT = "Le tronc est fendu. / The trunk is split."
OAK = "Chêne rouge / Red oak"
BAD_PHOTO = "On ne voit que la terre. / Only the earth shows."
MONTHS = timedelta(days=200)
NAME = "Aïcha Benali"


class Certified(Struct, frozen=True):
    """What somebody has in hand once the certificate is issued."""

    way: Way
    email: str
    reference: str
    link: str


async def test_a_certificate_is_granted_and_its_condition_comes_back_months_later(
    people: People, town: Served, tmp_path: Path
):
    certified = [await come_to_certificate(people, way) for way in WALKS]
    with served_later(town, tmp_path / "later", MONTHS - timedelta(days=20)) as later:
        afterwards = People(people.browser, later.address)
        for each in certified:
            await replant(afterwards, each)
        await afterwards.leave()


async def come_to_certificate(people: People, way: Way) -> Certified:
    """From the form to the certificate in hand: the study paid for, the tree seen, the decision made."""
    email = way.email("abattage")
    resident = await way.come(people)
    reference, link = await apply(resident, way, email)
    agent = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(agent, AGENTS[f"clerk-{way.language}"])
    await agent.goto(f"/bureau/requete/{reference}")
    await see(agent, SPLIT, OAK)
    await desk.move(agent, "start_review")
    await desk.move(agent, "plan_visit", {"visit_on": today() + timedelta(days=2)})
    await desk.move(agent, "record_visit", {"opinion": "fell", "findings": "Fente au collet. / Split at the base."})

    # Nothing is granted before the study is paid for, and the page says so.
    given = {"valid_until": today() + timedelta(days=90), "trees_to_plant": "2", "plant_before": today() + MONTHS}
    assert not {"grant", "grant_outright"} & await desk.steps_offered(agent)
    await expect(agent.locator("[data-key-moves]")).to_contain_text(way.say("study_paid"))
    await resident.goto(link)
    await see(resident, way.say("fifty_dollars"))
    await not_see(resident, "Fente au collet")
    await desk.take_cash(agent)
    await desk.move(agent, "grant", given)

    # The certificate is in the file and in a letter; anybody may verify it, and learns nothing personal.
    await resident.reload()
    await see(resident, "ABT-", way.say("plant_two"))
    paper = await (await resident.request.get(await portal.save_address(resident))).body()
    with pikepdf.open(io.BytesIO(paper)) as opened:
        assert "ABT-" in str(opened.docinfo["/Title"])
    stranger = await way.come(people)
    await stranger.goto(await verify_address(resident, way))
    await see(stranger, "ABT-", way.say("is_valid"))
    assert "Benali" not in await stranger.content()
    letter = await portal.letter_to(stranger, email, way.say("certificate_granted", reference))
    assert "ABT-" in letter
    return Certified(way, email, reference, link)


async def apply(page: "Page", way: Way, email: str) -> tuple[str, str]:
    """The form, step by step; the reference and the private link."""
    typed, address = PLACES[way.language]
    await portal.find_service(page, way.language, way.say("cut_a_tree"), way.say("felling_certificate"))
    await press(page, page.get_by_role("link", name=way.say("start"), exact=True))
    await portal.give_place(page, way.language, typed, address, scripts=way.scripts)
    for answers in (
        {"applicant": "owner", "boundary": "no"},
        {
            "trees.0.species": "Érable argenté",
            "trees.0.diameter": "45",
            "trees.0.count": "1",
            "trees.0.reason": "dangerous",
            "trees.0.explanation": SPLIT,
            "urgent": "no",
        },
        {"replacing": "yes", "replacement_species": OAK, "replacement_place": "Cour avant / Front yard"},
        {"access": True, "declaration": True},
    ):
        for name, given in answers.items():
            await answer(page, name, given)
        await press_button(page, way.say("continue"))
    for box, value in (("name", NAME), ("email", email)):
        await page.locator(f"input[name={box}]").fill(value)
    await press_button(page, way.say("continue"))
    return await portal.send(page, way.language)


async def replant(people: People, here: Certified) -> None:
    """The request wakes by itself; a poor photo is sent back, a good one closes the file."""
    way, link = here.way, people.address + here.link[here.link.index("/", 8) :]
    resident = await way.come(people)
    letter = await portal.letter_about(resident, here.email, way.say("planting"))
    assert way.say("plant_two") in letter
    await portal.press_in_letter(resident, f"{here.reference}?cle=")
    await see(resident, way.say("plant_two"))
    await prove(resident, way, portal.photo("black"))
    agent = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(agent, AGENTS[f"clerk-{way.language}"])
    await agent.goto(f"/bureau/requete/{here.reference}")
    if way.scripts:
        await desk.decide_condition(agent, "send_back", BAD_PHOTO)
        letter = await portal.letter_about(resident, here.email, way.say("proof_sent_back"))
        assert BAD_PHOTO in letter
        await resident.goto(link)
        await prove(resident, way, portal.photo("green"))
        await agent.reload()
    await desk.decide_condition(agent, "accept")
    await resident.goto(link)
    await see(resident, way.say("closed"), way.say("met"))
    await expect(agent.locator(".chain--broken")).to_have_count(0)


async def prove(page: "Page", way: Way, photo: bytes) -> None:
    """What was planted, when, and what it looks like."""
    await press(page, page.locator(f"#obligations a[href*='/{way.say('proof')}/']"))
    await see_heading(page, way.say("planting"))
    planted: date = today() + MONTHS - timedelta(days=30)
    for name, given in (("planted_on", planted), ("planted_species", OAK), ("photos", photo)):
        await answer(page, name, given)
    if way.scripts:
        await expect(page.locator("ul.files li")).to_have_count(1)
    await press_button(page, way.say("send_proof"))
    await see(page, way.say("proof_received"))


async def verify_address(page: "Page", way: Way) -> str:
    """Where anybody sees whether it is good."""
    address = await page.locator(f"a[href*='/{way.say('verify')}/']").first.get_attribute("href")
    assert address is not None
    return address
