"""A storm: many report the same thing, the town gathers it, writes to everybody once, and closes it all together."""

import re

from playwright.async_api import expect

from . import desk, portal
from .fitness import assert_fit
from .people import AGENTS, DESK, PHONE, People
from .walking import choose, press, press_button, press_link, see, sign_in, until
from .words import say

VILLERAY = {"lon": -73.6198, "lat": 45.5568, "address": "7575, 19e Avenue"}
HOLE = {"size": "large", "surface": "lane", "danger": False}
FIRST = ("Les équipes sont sorties. Restez chez vous.", "Crews are out. Please stay home.")
LAST = ("La tempête est passée, les rues sont dégagées.", "The storm has passed, streets are clear.")


async def report(page, email: str) -> str:
    """As a program does it for a resident."""
    person = {"mode": "named", "name": "Résident", "email": email}
    sent = {"type": "pothole", "language": "fr", "place": VILLERAY, "answers": HOLE, "requester": person}
    answer = await page.request.post("/api/v1/requests", data=sent)
    assert answer.status == 201, await answer.text()
    return (await answer.json())["reference"]


async def write(page, words: tuple[str, str], *, closing: bool = False) -> None:
    for language, said in zip(("fr", "en"), words, strict=True):
        await page.locator(f"textarea[name=words_{language}]").fill(said)
    if closing:
        await page.locator("#closing").check()
    await press(page, page.locator("form[action$='/message'] button[type=submit]"))


async def letters_with(page, email: str, title: str, *, at_least: int = 1) -> int:
    """How many letters of that subject somebody has, once there are so many."""
    await page.goto(f"/demo/courriels?a={email}")
    await until(page, lambda: page.locator("main table th a", has_text=title).nth(at_least - 1))
    return await page.locator("main table th a", has_text=title).count()


async def test_a_storm_is_declared_told_followed_and_closed_in_french(people: People):
    zoe, paul, follower = (f"{name}.tempete@exemple.ca" for name in ("zoe", "paul", "suit"))
    resident = await people.come("fr", width=PHONE, closely=True)
    first = await report(resident, zoe)
    await report(resident, zoe)  # a second hole, the same person

    # Three presses: what, where, see; then what matches is shown, and declared.
    agent = await people.come("fr", width=DESK, closely=True)
    await sign_in(agent, AGENTS["manager-fr"])
    await desk.open_menu(agent, "Incidents et avis", "Incidents")
    await press_link(agent, "Tempête")
    await agent.locator("[name='answers.zones'][value=villeray]").check()
    await agent.locator("[name='answers.types'][value=pothole]").check()
    await agent.locator("details", has=agent.locator("[name='answers.shown']")).locator("summary").first.click()
    for code in ("shown", "instead", "short"):
        await agent.locator(f"[name='answers.{code}'][value=yes]").check()
    await press_button(agent, "Voir les requêtes correspondantes")
    await see(agent, "requêtes correspondent", "Villeray")
    await press_button(agent, "Déclarer l’incident")
    await see(agent, "L’incident est déclaré.")
    incident = agent.url.split("?")[0].rsplit("/", 1)[1]
    title = (await agent.locator("h1").inner_text()).strip()
    await press(agent, agent.locator(".tile__value").first)
    await see(agent, first)

    # One message, shown before it is sent with how many it reaches; each person hears it once.
    await agent.goto(f"/bureau/incidents/{incident}")
    await write(agent, FIRST)
    await see(agent, "Le message sera envoyé à", "une fois", FIRST[0], FIRST[1])
    await press_button(agent, "Envoyer le message")
    await see(agent, "Le message est en cours d’envoi, une fois à chaque personne", FIRST[0])
    mailbox = await people.come("fr", width=DESK, closely=True)
    assert await letters_with(mailbox, zoe, title) == 1
    letter = await portal.letter_about(mailbox, zoe, title)
    assert FIRST[0] in " ".join(letter.split())
    assert first not in re.sub(r"https?://\S+", "", letter)  # but where messages are stopped

    # A resident who reports now is told of it in place of the questions: follow it, or report something else in brief.
    service = say("pothole", "fr")
    await portal.find_service(resident, "fr", service, service)
    await portal.give_place(resident, "fr", "7575 19e", "7575, 19e Avenue", scripts=True)
    await press_button(resident, say("continue", "fr"))
    await see(resident, title, FIRST[0])
    await press_link(resident, "Suivre cet incident")
    await resident.get_by_label(say("your_email", "fr")).fill(follower)
    await press_button(resident, say("follow", "fr"))
    await portal.letter_about(mailbox, follower, incident)
    await portal.press_in_letter(mailbox, f"/{say('following', 'fr')}/")
    await press_button(mailbox, say("yes_write", "fr"))
    other = await people.come("fr", width=PHONE, closely=True)
    await portal.find_service(other, "fr", service, service)
    await portal.give_place(other, "fr", "7575 19e", "7575, 19e Avenue", scripts=True)
    await press_button(other, say("continue", "fr"))
    await press_button(other, say("not_the_same", "fr"))
    await choose(other, say("is_dangerous", "fr"), say("no", "fr"))
    await press_button(other, say("continue", "fr"))
    await expect(other.locator("input[type=file]")).to_have_count(0)  # photos are not necessary now
    await portal.give_name(other, "fr", "named", name="Paul", email=paul)
    mine, link = await portal.send(other, "fr")
    assert await letters_with(mailbox, paul, title) == 1
    await other.goto(re.sub(r"^https?://[^/]+", "", link))
    await see(other, title, FIRST[0])

    # It is over: the closing message, and everything that belongs to it closed at once, without a letter for each step.
    await agent.goto(f"/bureau/incidents/{incident}")
    await write(agent, LAST, closing=True)
    await press_button(agent, "Envoyer le message")
    await see(agent, "l’incident est terminé")
    await press_link(agent, "Agir sur toutes les requêtes ouvertes")
    await expect(agent.locator("#quiet")).not_to_be_checked()  # nobody is silenced before somebody wants it
    await agent.locator("#quiet").check()
    step = agent.locator("details.move").first
    await step.locator("summary").click()
    await press(agent, step.get_by_role("button"))
    await assert_fit(agent)
    assert await letters_with(mailbox, follower, title) == 1
    assert [await letters_with(mailbox, email, title, at_least=2) for email in (zoe, paul)] == [2, 2]
    assert mine
