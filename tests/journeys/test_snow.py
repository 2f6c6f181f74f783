"""Snow, from the first report to the end of the operation: who cannot pass goes first, and everybody is told."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.async_api import expect

from . import desk, portal
from .fitness import assert_fit
from .people import AGENTS, DESK, PHONE, People
from .serving import Served, served_later
from .walking import answer, choose, not_see, press, press_button, press_link, see, sign_in, today, until
from .words import say

if TYPE_CHECKING:
    from playwright.async_api import Page

SERVICE = "Neige ou glace non dégagée"
TYPED, ADDRESS = "6365 1re", "6365, 1re Avenue"
HERE = {"lon": -73.58873, "lat": 45.54985, "address": ADDRESS}
ORDINARY = {"kind": "sidewalk", "condition": "snow", "side": "even", "mobility": False}
CLEARED = "La chenillette est passée. / The plow came by."
FIRST, SECOND, FOLLOWER = "zoe.neige@exemple.ca", "paul.neige@exemple.ca", "suit.neige@exemple.ca"
AGNES = {"mode": "named", "name": "Agnes Moore", "phone": "514 555-0167", "preferred_channel": "phone"}


async def test_snow_is_reported_followed_cleared_and_closed_together_in_french(people: People):
    # Before anybody is out: one report of a sidewalk, and one by telephone from somebody who has no e-mail.
    zoe = await people.come("fr", width=PHONE, closely=True)
    first = await report(zoe, FIRST, can_pass=True)
    by_telephone = await file(zoe, language="en", requester=AGNES)

    # The town declares an operation in the sector; who comes now is told, and follows it in place of reporting.
    clerk = await people.come("fr", width=DESK, closely=True)
    await sign_in(clerk, AGENTS["clerk-fr"])
    operation = await declare(clerk)
    follower = await people.come("fr", width=PHONE, closely=True)
    await come_to_place(follower)
    await see(follower, say("under_way_here", "fr"), say("expected_end", "fr"))
    await press_link(follower, say("follow_operation", "fr"))
    await follower.get_by_label(say("your_email", "fr")).fill(FOLLOWER)
    await press_button(follower, say("follow", "fr"))
    await portal.letter_about(follower, FOLLOWER, operation)
    await portal.press_in_letter(follower, f"/{say('following', 'fr')}/")
    await press_button(follower, say("yes_write", "fr"))

    # Somebody in a wheelchair cannot pass, and reports it all the same: that one goes first, though it came last.
    paul = await people.come("fr", width=PHONE, closely=True)
    urgent = await report(paul, SECOND, can_pass=False)
    await clerk.goto("/bureau?type=snowy_sidewalk&zone=rosemont&ouvertes=oui")
    listed = "\n".join(await clerk.locator("tr[data-row]").all_inner_texts())
    assert listed.index(urgent) < min(listed.index(first), listed.index(by_telephone))
    for reference in (first, by_telephone, urgent):
        await expect(clerk.locator("tr[data-row]", has_text=reference)).to_contain_text("Déneigement")
    row = clerk.locator("tr[data-row]", has_text=urgent)
    await expect(row).to_contain_text("Urgente")
    await press(clerk, row.get_by_role("link").first)
    await see(clerk, "Neige qui bloque un passage", "Mobilité réduite", "Côté des adresses paires")

    # The operation is over; everything that is open in its sector is settled at once.
    await clerk.goto(f"/bureau/requete/{operation}")
    await desk.move(clerk, "end")
    await press_link(clerk, "Agir sur toutes les requêtes ouvertes")
    for reference in (first, by_telephone, urgent):
        await see(clerk, reference)
    step = clerk.locator("details.move", has_text="Marquer comme réglée")
    await step.locator("summary").click()
    await step.locator("textarea").fill(CLEARED)
    await press(clerk, step.locator("button[name=_do]"))
    await press(clerk, clerk.locator("button[name=_sure]"))
    await assert_fit(clerk)

    # Each is told: by letter in French, by a call in English; who followed, of the end.
    await portal.letter_about(follower, FOLLOWER, say("snow_over", "fr", operation))
    for email, reference in ((FIRST, first), (SECOND, urgent)):
        letter = await portal.letter_to(zoe, email, say("report_done", "fr", reference))
        assert CLEARED in letter
    await clerk.goto("/bureau/appels")
    owed = await until(
        clerk, lambda: clerk.locator("article.panel", has_text=by_telephone).filter(has_text=": resolved")
    )
    await expect(owed).to_contain_text("Agnes Moore")
    await assert_fit(clerk)


async def test_out_of_season_the_service_says_when_it_opens(people: People, town: Served, tmp_path: Path):
    day = today()
    july = date(day.year + (day.month >= 7), 7, 15)
    with served_later(town, tmp_path / "later", july - day) as later:
        guests = People(people.browser, later.address)
        page = await guests.come("fr", width=PHONE, closely=True)
        await page.goto("/fr/services/neige/deneigement")
        await see(page, "Le déneigement reprend à la mi-octobre")
        await not_see(page, "Commencer")
        await assert_fit(page)
        await guests.leave()


async def come_to_place(page: "Page") -> None:
    await portal.find_service(page, "fr", "trottoir pas déneigé", SERVICE)
    await portal.give_place(page, "fr", TYPED, ADDRESS, scripts=True)
    await press_button(page, say("continue", "fr"))


async def report(page: "Page", email: str, *, can_pass: bool) -> str:
    """What was not cleared, on which side, and whether it keeps somebody from getting through; the reference."""
    await come_to_place(page)
    for skipped in (say("somebody_cannot_pass", "fr"), "Aucune de ces requêtes\u00a0: continuer la mienne"):
        if await page.get_by_role("button", name=skipped).count():
            await press_button(page, skipped)
    await portal.add_details(page)
    await choose(page, "Qu’est-ce qui n’a pas été déneigé?", "Le trottoir")
    await choose(page, "De quel côté de la rue?", "Côté des adresses paires")
    await choose(page, "Cela empêche-t-il une personne à mobilité réduite de passer?", "Non" if can_pass else "Oui")
    await press_button(page, say("continue", "fr"))
    await portal.give_name(page, "fr", "named", name=email.split(".")[0].title(), email=email)
    reference, _ = await portal.send(page, "fr")
    return reference


async def file(page: "Page", **given: Any) -> str:
    """File as a program does it on a caller's behalf."""
    sent = {"type": "snowy_sidewalk", "place": HERE, "answers": ORDINARY, **given}
    answered = await page.request.post("/api/v1/requests", data=sent)
    assert answered.status == 201, await answered.text()
    return str((await answered.json())["reference"])


async def declare(page: "Page") -> str:
    await page.goto("/bureau/nouvelle")
    await page.locator("details", has=page.locator("button[value=snow_operation]")).locator("summary").click()
    await press(page, page.locator("button[value=snow_operation]").first)
    await answer(page, "answers.work", "plowing")
    await answer(page, "answers.ends_on", today() + timedelta(days=2))
    await answer(page, "answers.ends_at", "18:00")
    await answer(page, "answers.zones", ["rosemont"])
    await press(page, page.locator("button[name=_send]"))
    return await page.locator(".reference").first.inner_text()
