"""A complaint about noise: who complains is known to nobody who deals with it, and each look at it leaves a trace.


Walked in the four ways of `combinations`, which hold every pair of language, width and scripts.
"""

import csv
import io
from datetime import time, timedelta
from typing import TYPE_CHECKING

from playwright.async_api import expect

from . import desk, portal
from .combinations import Way, walked_by_residents, walked_whole
from .people import AGENTS, DESK, People
from .walking import answer, not_see, press, press_button, press_link, see, sign_in, today
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page

NAME, PHONE, STREET = "Ophélie Brisebois-Quintal", "514 555-0147", "4567, rue Saint-Urbain"
ENDS = {
    "fr": [("record_visit", {"finding": "confirmed", "level_db": "71"}), ("offence", {})],
    "en": [("record_visit", {"finding": "not_seen"}), ("unfounded", {"reason": "Three visits, nothing heard."})],
}


@walked_whole
async def test_a_complaint_stays_confidential_from_the_first_word_to_the_decision(people: People, way: Way):
    email, phone = way.email("ophelie"), PHONE
    private = (NAME, email, phone, STREET)
    resident = await way.come(people)
    reference, link = await file(resident, way, by_text=way.language == "en")
    await tell_again(resident, way, reference, link)

    # The inspector sees what was said and not who said it: not on the page, not by searching, not in the sheet.
    inspector = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(inspector, AGENTS[f"noise-{way.language}"])
    await desk.search(inspector, reference)
    await see(inspector, way.say("noise_told"), way.say("again_told"), way.say("confidential"))
    for hidden in private:
        assert hidden not in await inspector.content()
    await expect(inspector.locator("form[action$='/identite']")).to_have_count(0)
    assert (await inspector.request.post(f"/bureau/requete/{reference}/identite", form={"reason": "x"})).status == 403
    await desk.assert_unknown(inspector, NAME, "Brisebois", email, phone, STREET)
    sheet = await (await inspector.request.get("/bureau/liste.csv?ouvertes=toutes")).text()
    assert reference in sheet
    assert not any(hidden in sheet for hidden in private)
    rows = list(csv.reader(io.StringIO(sheet.lstrip("\ufeff")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1

    # Nor does a machine that may read requests and contacts, and the public knows of no such request.
    operator = await people.come("fr", width=DESK, scripts=way.scripts)
    token = await make_token(operator, way.language, "requests:read", "contacts:read")
    bearer = {"authorization": f"Bearer {token}"}
    told = await operator.request.get(f"/api/v1/requests/{reference}", headers=bearer)
    assert told.status == 200
    assert reference in await told.text()
    words = await told.text()
    assert not any(hidden in words for hidden in private)
    public = await people.come(way.language)
    assert (await public.request.get(f"/api/v1/requests/{reference}")).status == 404
    assert (await public.request.get(f"/{way.language}/{way.say('public')}/{reference}")).status == 404

    # First letter, visit, decision; each step that is told reaches her by a letter that says little in its subject.
    await desk.search(inspector, reference)
    await desk.move(inspector, "first_letter", {"sent_on": today()})
    await desk.move(inspector, "plan_visit")
    (visit, found), (end, why) = ENDS[way.language]
    await desk.move(inspector, visit, {"visited_on": today(), **found})
    await desk.move(inspector, end, why)
    receiver = {"fr": email, "en": "%2B15145550147"}[way.language]
    letter = await portal.letter_about(public, receiver, reference)
    for hidden in (STREET, "4565, rue", NAME):
        assert hidden not in letter
    if way.language == "en":
        assert "noise" not in letter.lower()
        await portal.press_in_letter(public, "/stop")
        await expect(public.get_by_role("button", name=way.say("stop_writing"))).to_be_visible()
    await resident.goto(link)
    await see(resident, *why.values())

    # The manager looks at who it is, for a reason; the look is told to everybody at the desk, for good.
    manager = await people.come("fr", width=DESK, scripts=way.scripts)
    await sign_in(manager, AGENTS[f"manager-{way.language}"])
    await desk.search(manager, reference)
    await not_see(manager, NAME, email)
    await manager.get_by_text(way.say("see_who")).click()
    await press_button(manager, way.say("see_identity"))
    await not_see(manager, NAME, email)
    reason = "Témoin demandé par la cour / Witness asked for by the court"
    await manager.locator("#reveal-reason").fill(reason)
    await press_button(manager, way.say("see_identity"))
    await see(manager, NAME, email)
    await manager.goto(f"/bureau/requete/{reference}")
    await not_see(manager, NAME, email)
    await desk.search(inspector, reference)
    await see(inspector, reason, AGENTS[f"manager-{way.language}"].name)
    await not_see(inspector, NAME, email)
    await resident.reload()
    await not_see(resident, reason)


@walked_by_residents
async def test_the_residents_part_of_a_complaint(people: People, way: Way):
    resident = await way.come(people)
    reference, link = await file(resident, way)
    await tell_again(resident, way, reference, link)
    inspector = await people.come("fr", width=DESK)
    await sign_in(inspector, AGENTS[f"noise-{way.language}"])
    await inspector.goto(f"/bureau/requete/{reference}")
    await desk.move(inspector, "first_letter", {"sent_on": today()})
    mailbox = await way.come(people)
    letter = await portal.letter_about(mailbox, way.email("ophelie"), reference)
    for hidden in (STREET, "4565, rue", NAME):
        assert hidden not in letter
    await resident.reload()
    assert len(await portal.titles_of_story(resident)) == 3  # received, happened again, the first letter


async def file(page: "Page", way: Way, *, by_text: bool = False) -> tuple[str, str]:
    """Where it comes from, when, and who suffers from it; the reference and the private link."""
    await portal.find_service(page, way.language, way.say("music_at_night"), way.say("noise"))
    await press_button(page, way.say("continue"))
    await complain(page, way.language)
    await page.locator("input[name=name]").fill(NAME)
    await page.locator("input[name=email]").fill(way.email("ophelie"))
    await page.locator("input[name=phone]").fill(PHONE)
    if by_text:  # who prefers text messages gets them, and no letter
        await page.get_by_label(way.say("by_text"), exact=True).check()
    await press_button(page, way.say("continue"))
    return await portal.send(page, way.language)


async def tell_again(page: "Page", way: Way, reference: str, link: str) -> None:
    """Three days later it happened again: her log grows within the same request."""
    await page.goto(link)
    await press_link(page, way.say("it_happened_again"))
    await answer(page, "date", today() - timedelta(days=1))
    await answer(page, "time", time(0, 15))
    await answer(page, "words", way.say("again_told"))
    await press_button(page, way.say("add"))
    await see(page, reference, way.say("again_told"))


async def make_token(page, language: str, *scopes: str) -> str:
    """The operator gives the noise unit's program a key, which is shown once."""
    await sign_in(page, AGENTS[f"operator-{language}"])
    await page.goto("/exploitation/jetons")
    await page.locator("#name").fill(f"Sonomètre {language}")
    await answer(page, "where", ["parvis/noise"])
    await answer(page, "scopes", list(scopes))
    await press(page, page.locator("main form button[type=submit]").last)
    return await page.locator("main .banner--ok code").inner_text()


async def complain(page, language: str) -> None:
    """The four parts of the complaint."""
    parts = (
        {"source_address": "4565, rue Saint-Urbain", "source_kind": "home", "noise_kind": "music"},
        {
            "since": today() - timedelta(days=20),
            "frequency": "weekly",
            "hours": ["night", "weekend"],
            "description": say("noise_told", language),
        },
        {"spoken": "no"},
        {"home_address": STREET, "measure_at_home": "yes", "confidentiality": True},
    )
    for questions in parts:
        for name, given in questions.items():
            await answer(page, name, given)
        await press(page, page.locator("main form .buttons button:not([formnovalidate])").last)
