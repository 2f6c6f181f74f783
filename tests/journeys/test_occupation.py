"""The public domain is occupied: an area drawn, two applications that meet, a permit that its insurance suspends.

The second applicant wants the same ground on the same days. Both have their permits before the time of a copy of the
town is moved once for both.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from playwright.async_api import expect

from . import desk, portal
from .combinations import Way
from .people import AGENTS, DESK, PHONE, People
from .serving import Served, served_later
from .walking import answer, come_to_map, not_see, press, press_button, see, sign_in, today

if TYPE_CHECKING:
    from playwright.async_api import Page

DRAWS = Way(language="fr", width=PHONE, scripts=True)
POSTS = Way(language="en", width=DESK, scripts=False)
ADDRESS = "1035, rue Saint-Hubert"
DESCRIPTION = "Échafaudage de façade. / Scaffold along the front."
OPINION = "Laisser un passage de 1,5 m. / Leave a passage of 1.5 m."
FIRST, LAST, INSURED = timedelta(days=10), timedelta(days=89), timedelta(days=30)
DAYS = (LAST - FIRST).days + 1


class Permitted(Struct, frozen=True):
    """What somebody has in hand once the permit is issued."""

    way: Way
    email: str
    reference: str
    link: str
    page: "Page"


async def test_an_area_is_occupied_until_the_insurance_runs_out_and_again_once_it_is_renewed(
    people: People, town: Served, tmp_path: Path
):
    first, ring = await file(people, DRAWS)
    second, _ = await file(people, POSTS, ring)
    for here, other in ((first, second), (second, first)):
        await decide(people, here, other)
    with served_later(town, tmp_path / "later", INSURED + timedelta(days=2)) as later:
        afterwards = People(people.browser, later.address)
        await insure_again(afterwards, first, await see_suspended(afterwards, first))
        await see_suspended(afterwards, second)
        await afterwards.leave()


async def file(people: People, way: Way, ring: str = "") -> tuple[Permitted, str]:
    """From the area on the map to the receipt; also the area, as the form holds it."""
    email, day = way.email("occupation"), today()
    page = await way.come(people)
    await portal.find_service(page, way.language, way.say("scaffold_in_street"), way.say("occupation_permit"))
    await press(page, page.get_by_role("link", name=way.say("start"), exact=True))
    if way.scripts:
        await draw(page, way)
    else:
        await page.locator("#place-geometry").evaluate("(box, value) => { box.value = value }", ring)
    ring = await page.locator("#place-geometry").input_value()
    corners = json.loads(ring)["coordinates"][0]
    assert len(corners) == 5
    assert [len({round(each, 4) for each in axis}) for axis in zip(*corners, strict=True)] == [2, 2]  # as the keys went
    await press_button(page, way.say("continue"))
    for answers in (
        {"applicant_kind": "person"},
        {
            "purpose": "scaffold",
            "description": DESCRIPTION,
            "starts_on": day + FIRST,
            "ends_on": day + LAST,
            "closes": "lane",
            "traffic_plan": portal.photo("white"),
        },
        {"insurance": portal.photo("grey"), "insured_until": day + INSURED, "insured_amount": "2000000"},
        {"declaration": True},
    ):
        for name, given in answers.items():
            await answer(page, name, given)
        if way.scripts and any(isinstance(given, bytes) for given in answers.values()):
            await expect(page.locator("ul.files li")).to_have_count(1)
        await press_button(page, way.say("continue"))
    for box, value in (("name", "Omar Haddad"), ("email", email)):
        await page.locator(f"input[name={box}]").fill(value)
    await press_button(page, way.say("continue"))
    reference, link = await portal.send(page, way.language)
    return Permitted(way, email, reference, link, page), ring


async def draw(page: "Page", way: Way) -> None:
    """Four corners by the keys of the map, beside an address."""
    box = page.get_by_label(way.say("address"))
    await box.press_sequentially(ADDRESS)
    await page.get_by_role("option", name=ADDRESS).click()
    await come_to_map(page)
    canvas = page.locator(".map__canvas")
    await canvas.focus()
    for _ in range(3):
        await canvas.press("+")
    for key in ("Enter", "ArrowRight", "Enter", "ArrowDown", "Enter", "ArrowLeft", "Enter"):
        await canvas.press(key)
    await expect(page.locator("[data-map-status]")).to_contain_text("4")


async def decide(people: People, here: Permitted, other: Permitted) -> None:
    """Checked, found to meet another, opined on, approved, paid at the counter, issued by itself."""
    way = here.way
    agent = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(agent, AGENTS[f"clerk-{way.language}"])
    await agent.goto(f"/bureau/requete/{here.reference}")
    await see(agent, DESCRIPTION, way.say("same_ground"), other.reference)
    await desk.move(agent, "check")
    await desk.move(agent, "accept")
    await press(agent, agent.locator(".tasks a", has_text=way.say("traffic")))
    await desk.give_opinion(agent, "conditional", OPINION)
    await agent.goto(f"/bureau/requete/{here.reference}")
    await see(agent, OPINION)
    await desk.move(agent, "approve", {"conditions": "Passage de 1,5 m. / Passage of 1.5 m."})

    # What it costs, line by line: the study, the area for its days, the deposit.
    resident = here.page
    await resident.goto(here.link)
    await not_see(resident, OPINION, other.reference)
    await resident.locator("#fees summary").first.click()
    await see(resident, way.say("study_of_application"), way.say("deposit"), f"{DAYS}", "m²", within="#fees")
    await desk.take_cash(agent)
    await resident.goto(here.link)
    await see(resident, way.say("permit_issued"), "OCC-")
    paper = await (await resident.request.get(await portal.save_address(resident))).body()
    assert paper.startswith(b"%PDF")


async def see_suspended(people: People, here: Permitted) -> "Page":
    """The insurance has run out: the permit is suspended by itself, and its holder told."""
    resident = await here.way.come(people)
    letter = await portal.letter_to(resident, here.email, here.way.say("permit_suspended", here.reference))
    assert here.reference in letter
    await portal.press_in_letter(resident, f"{here.reference}?cle=")
    await see(resident, here.way.say("suspended"))
    return resident


async def insure_again(people: People, here: Permitted, resident: "Page") -> None:
    """A new proof, accepted, restores the permit by itself, and its holder is told."""
    way = here.way
    await press(resident, resident.locator(f"#obligations a[href*='/{way.say('proof')}/']"))
    until = today() + LAST + timedelta(days=10)
    for name, given in (("insurance", portal.photo("navy")), ("insured_until", until)):
        await answer(resident, name, given)
    if way.scripts:
        await expect(resident.locator("ul.files li")).to_have_count(1)
    await press_button(resident, way.say("send_proof"))

    agent = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(agent, AGENTS[f"clerk-{way.language}"])
    await agent.goto(f"/bureau/requete/{here.reference}")
    await desk.decide_condition(agent, "accept")
    await resident.reload()
    await see(resident, way.say("permit_issued"))
    await portal.letter_to(resident, here.email, way.say("permit_restored", here.reference))
