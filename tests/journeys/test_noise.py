"""A complaint about noise: who complains is known to nobody who deals with it, and each look at it leaves a trace."""

import csv
import io
from datetime import time, timedelta

import pytest
from playwright.async_api import expect

from parvis import clock

from . import desk, portal
from .people import AGENTS, DESK, People
from .walking import answer, not_see, press, press_button, press_link, see, sign_in
from .words import say

NAME, STREET = "Ophélie Brisebois-Quintal", "4567, rue Saint-Urbain"
ENDS = {
    "fr": [("record_visit", {"finding": "confirmed", "level_db": "71"}), ("offence", {})],
    "en": [("record_visit", {"finding": "not_seen"}), ("unfounded", {"reason": "Three visits, nothing heard."})],
}
BOTH = [pytest.param("fr", True, id="in French"), pytest.param("en", False, id="in English, without scripts")]


@pytest.mark.parametrize(("language", "scripts"), BOTH)
async def test_a_complaint_stays_confidential_from_the_first_word_to_the_decision(people: People, language, scripts):
    email, phone = f"ophelie.{language}@exemple.ca", "514 555-0147"
    private = (NAME, email, phone, STREET)
    today = clock.now().date()

    # Filed: where it comes from, when, and who suffers from it.
    resident = await people.come(language, scripts=scripts)
    await portal.find_service(resident, language, say("music_at_night", language), say("noise", language))
    await press_button(resident, say("continue", language))
    await complain(resident, language)
    await resident.locator("input[name=name]").fill(NAME)
    await resident.locator("input[name=email]").fill(email)
    await resident.locator("input[name=phone]").fill(phone)
    if language == "en":  # who prefers text messages gets them, and no letter
        await resident.get_by_label(say("by_text", language), exact=True).check()
    await press_button(resident, say("continue", language))
    reference, link = await portal.send(resident, language)

    # Three days later it happened again: her log grows within the same request.
    await resident.goto(link)
    await press_link(resident, say("it_happened_again", language))
    await answer(resident, "date", today - timedelta(days=1))
    await answer(resident, "time", time(0, 15))
    await answer(resident, "words", say("again_told", language))
    await press_button(resident, say("add", language))
    await see(resident, reference, say("again_told", language))

    # The inspector sees what was said and not who said it: not on the page, not by searching, not in the sheet.
    inspector = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(inspector, AGENTS[f"noise-{language}"])
    await desk.search(inspector, reference)
    await see(inspector, say("noise_told", language), say("again_told", language), say("confidential", language))
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
    operator = await people.come("fr", width=DESK, scripts=scripts)
    token = await make_token(operator, language, "requests:read", "contacts:read")
    bearer = {"authorization": f"Bearer {token}"}
    told = await operator.request.get(f"/api/v1/requests/{reference}", headers=bearer)
    assert told.status == 200
    assert reference in await told.text()
    words = await told.text()
    assert not any(hidden in words for hidden in private)
    public = await people.come(language)
    assert (await public.request.get(f"/api/v1/requests/{reference}")).status == 404
    assert (await public.request.get(f"/{language}/{say('public', language)}/{reference}")).status == 404

    # First letter, visit, decision; each step that is told reaches her by a letter that says little in its subject.
    await desk.search(inspector, reference)
    await desk.move(inspector, "first_letter", {"sent_on": today})
    await desk.move(inspector, "plan_visit")
    (visit, found), (end, why) = ENDS[language]
    await desk.move(inspector, visit, {"visited_on": today, **found})
    await desk.move(inspector, end, why)
    receiver = {"fr": email, "en": "%2B15145550147"}[language]
    letter = await portal.letter_about(public, receiver, reference)
    for hidden in (STREET, "4565", NAME):
        assert hidden not in letter
    if language == "en":
        assert "noise" not in letter.lower()
        await portal.press_in_letter(public, "/stop")
        await expect(public.get_by_role("button", name=say("stop_writing", language))).to_be_visible()
    await resident.goto(link)
    await see(resident, *why.values())

    # The manager looks at who it is, for a reason; the look is told to everybody at the desk, for good.
    manager = await people.come("fr", width=DESK, scripts=scripts)
    await sign_in(manager, AGENTS[f"manager-{language}"])
    await desk.search(manager, reference)
    await not_see(manager, NAME, email)
    await manager.get_by_text(say("see_who", language)).click()
    await press_button(manager, say("see_identity", language))
    await not_see(manager, NAME, email)
    reason = "Témoin demandé par la cour / Witness asked for by the court"
    await manager.locator("#reveal-reason").fill(reason)
    await press_button(manager, say("see_identity", language))
    await see(manager, NAME, email)
    await manager.goto(f"/bureau/requete/{reference}")
    await not_see(manager, NAME, email)
    await desk.search(inspector, reference)
    await see(inspector, reason, AGENTS[f"manager-{language}"].name)
    await not_see(inspector, NAME, email)
    await resident.reload()
    await not_see(resident, reason)


async def make_token(page, language: str, *scopes: str) -> str:
    """The operator gives the noise unit's program a key, which is shown once."""
    await sign_in(page, AGENTS[f"operator-{language}"])
    await page.goto("/exploitation/jetons")
    await page.locator("#name").fill(f"Sonomètre {language}")
    await page.locator("#where").select_option("parvis/noise")
    await answer(page, "scopes", list(scopes))
    await press(page, page.locator("main form button[type=submit]").last)
    return await page.locator("main .banner--ok code").inner_text()


async def complain(page, language: str) -> None:
    """The four parts of the complaint."""
    parts = (
        {"source_address": "4565, rue Saint-Urbain", "source_kind": "home", "noise_kind": "music"},
        {
            "since": clock.now().date() - timedelta(days=20),
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
