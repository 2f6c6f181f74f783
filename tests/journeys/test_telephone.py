"""Somebody calls: served with the keyboard alone, told a reference; who has no e-mail is called back."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import expect

from . import desk, portal
from .fitness import assert_fit
from .known import Known
from .people import AGENTS, DESK, People
from .walking import press, press_button, see, see_heading, sign_in, until

if TYPE_CHECKING:
    from playwright.async_api import Page

FAR = 40  # presses of Tab from one thing to the next, at the very most
MOST_KEYS = 45  # keys that are not letters of an answer, for a whole request
PACE = 0.28  # seconds for a stroke: somebody who types forty words a minute, not a typist
MOST_SECONDS = 60  # from the first key to the reference, with what the page makes one wait; talking is extra
REACHED = "selector => document.activeElement.matches(selector)"


class Hands:
    """Ten fingers on a keyboard, counting what they press and how long they wait; they never touch a mouse."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.keys = 0
        self.letters = 0
        self.waited = 0.0

    @property
    def seconds(self) -> float:
        """How long it took somebody of that pace: every stroke, and every wait as it was measured."""
        return (self.keys + self.letters) * PACE + self.waited

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.keys += 1
            await self.page.keyboard.press(key)

    async def type(self, words: str) -> None:
        self.letters += len(words)
        await self.page.keyboard.type(words)

    @asynccontextmanager
    async def waiting(self) -> AsyncIterator[None]:
        """Until what one waits for is there; the strokes of this time are counted besides."""
        begun = time.monotonic()
        yield
        self.waited += time.monotonic() - begun

    async def go_to(self, selector: str) -> None:
        """Tab until the focus is there."""
        for _ in range(FAR):
            if await self.page.evaluate(REACHED, selector):
                return
            await self.press("Tab")
        raise AssertionError(f"{selector} is more than {FAR} presses of Tab away")

    async def press_on(self, selector: str) -> None:
        """Press the thing itself, and wait for the page that comes."""
        await self.go_to(selector)
        async with self.waiting(), self.page.expect_event("load"):
            await self.press("Enter")

    async def choose(self, name: str, number: int) -> None:
        """One of several answers that exclude each other."""
        await self.go_to(f"input[name='{name}']")
        await self.press("Space", *["ArrowDown"] * number)


async def at_the_desk(people: People, agent: str) -> Hands:
    """Signed in, hands on the keys."""
    page = await people.come("fr", width=DESK)
    await sign_in(page, AGENTS[agent])
    await page.wait_for_load_state("networkidle")
    return Hands(page)


async def test_a_known_caller_is_served_in_french_by_keyboard_alone(people: People, known: dict[str, Known]):
    hands = await at_the_desk(people, "clerk-fr")
    page = hands.page
    async with hands.waiting(), page.expect_event("load"):
        await hands.press("n")
    await see_heading(page, "Nouvelle requête pour une personne au téléphone")
    await assert_fit(page)

    # Who: half a name without its accents; what she has asked before stands beside her.
    await hands.type("zoe cote")
    async with hands.waiting():
        await expect(page.locator("#found-people")).to_contain_text(re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]"))
    await hands.press_on("#found-people button.pick")

    # Where: the address from its first words; what is open there already.
    await hands.go_to("#place")
    await hands.type("4563 saint-urb")
    async with hands.waiting():
        await expect(page.get_by_role("option", name="4563, rue Saint-Urbain")).to_be_visible()
    await hands.press("ArrowDown", "Enter")
    async with hands.waiting():
        await expect(page.locator("#found-places .near")).to_contain_text("Nid-de-poule")
    async with hands.waiting():
        await expect(page.locator("#found-places .near")).to_contain_text(known["received"].reference)

    # What: as she says it, misspelt.
    await hands.go_to("#what-box")
    await hands.type("gros tru dans la chausée")
    async with hands.waiting():
        await expect(page.locator("#found-types .pick").first).to_contain_text("Nid-de-poule")
    await hands.press_on("#found-types button.pick")

    # The questions of the type; what is known of her stands there.
    await assert_fit(page)
    await expect(page.locator("#requester-name")).to_have_value("Zoé Côté")
    await expect(page.locator("#requester-email")).to_have_value("zoe@exemple.ca")
    await expect(page.locator("textarea").first).to_have_value("gros tru dans la chausée")
    await hands.choose("answers.size", 2)
    await hands.choose("answers.surface", 0)
    await hands.choose("answers.danger", 1)
    await hands.press_on("button[name=_send]")

    # Told before she hangs up.
    await see_heading(page, "La requête est ouverte")
    reference = await page.locator(".receipt .reference").inner_text()
    await expect(page.locator("ol.spoken li")).to_have_count(3)
    await see(page, "4563, rue Saint-Urbain")
    assert hands.keys <= MOST_KEYS
    assert hands.seconds < MOST_SECONDS, f"{hands.keys} keys, {hands.letters} letters, {hands.waited:.1f} s of waiting"
    await assert_fit(page)
    await desk.search(page, reference)
    await see(page, "Téléphone", "Zoé Côté", "Grand")
    await assert_fit(page)


async def test_a_caller_without_email_is_served_in_english_and_called_back(people: People):
    hands = await at_the_desk(people, "clerk-en")
    page = hands.page
    async with hands.waiting(), page.expect_event("load"):
        await hands.press("n")
    await hands.type("Harold Pike")
    async with hands.waiting():
        await expect(page.locator("#found-people")).to_contain_text("No one found")
    await hands.go_to("#place")
    await hands.type("1095 saint-denis")
    async with hands.waiting():
        await expect(page.get_by_role("option", name="1095, rue Saint-Denis")).to_be_visible()
    await hands.press("ArrowDown", "Enter")
    await hands.go_to("#what-box")
    await hands.type("pothol in the strete")
    async with hands.waiting():
        await expect(page.locator("#found-types .pick").first).to_contain_text("Pothole")
    await hands.press_on("#found-types button.pick")
    await assert_fit(page)
    await hands.choose("answers.size", 1)
    await hands.choose("answers.surface", 1)
    await hands.choose("answers.danger", 1)
    await hands.go_to("#requester-name")
    await hands.type("Harold Pike")
    await hands.go_to("#requester-phone")
    await hands.type("514 555 0163")
    await hands.go_to("select[name=language]")
    await hands.type("English")
    await hands.press_on("button[name=_send]")
    await see_heading(page, "The request has been opened")
    reference = await page.locator(".receipt .reference").inner_text()
    await see(page, "as in")
    assert hands.keys <= MOST_KEYS
    assert hands.seconds < MOST_SECONDS, f"{hands.keys} keys, {hands.letters} letters, {hands.waited:.1f} s of waiting"
    await assert_fit(page)

    # The crew's step is said to him by telephone: the desk owes him a call, and knows which words.
    crew = await people.come("en", width=DESK)
    await sign_in(crew, AGENTS["roads-en"])
    await desk.search(crew, reference)
    await see(crew, "Harold Pike")
    await expect(crew.locator("a[href='tel:+15145550163']")).to_be_visible()
    await desk.move(crew, "start")
    await crew.goto("/bureau/appels")
    owed = crew.locator("article.panel", has_text=reference)
    await until(crew, lambda: owed)
    await expect(owed).to_contain_text(f"Report {reference}: crew at work")
    await assert_fit(crew)
    await press(crew, owed.locator("button[value=told]"))
    await expect(crew.locator("article.panel", has_text=reference)).to_have_count(0)
    await desk.search(crew, reference)
    await see(crew, "Requester notified by telephone")
    await assert_fit(crew)

    # He calls again, names the reference letter by letter, and leaves word.
    await desk.search(page, reference.replace("-", ""))
    await desk.write_received(page, "He says the hole has grown since yesterday.")

    # And on his own, with a telephone number and no e-mail, he reads where it stands.
    himself = await people.come("en")
    await himself.goto("/en/track")
    await himself.locator("#reference").fill(reference)
    await himself.locator("#contact").fill("(514) 555-0163")
    await press_button(himself, "Send me the link")
    await see(himself, "Check your email or your text messages")
    await portal.letter_about(himself, "%2B15145550163", "Parvis")
    await portal.press_in_letter(himself, "/track/link/")
    await press_button(himself, "Open my request")
    await see(himself, reference, "Work under way")


async def test_a_caller_with_a_telephone_alone_who_wants_letters_is_served_until_the_closing_letter(people: People):
    hands = await at_the_desk(people, "clerk-fr")
    page = hands.page
    async with hands.waiting(), page.expect_event("load"):
        await hands.press("n")
    await hands.go_to("#place")
    await hands.type("1095 saint-denis")
    async with hands.waiting():
        await expect(page.get_by_role("option", name="1095, rue Saint-Denis")).to_be_visible()
    await hands.press("ArrowDown", "Enter")
    await hands.go_to("#what-box")
    await hands.type("trou dans la rue")
    async with hands.waiting():
        await expect(page.locator("#found-types .pick").first).to_contain_text("Nid-de-poule")
    await hands.press_on("#found-types button.pick")
    await hands.choose("answers.size", 1)
    await hands.choose("answers.surface", 1)
    await hands.choose("answers.danger", 1)
    await hands.go_to("#requester-name")
    await hands.type("Rose Aubin")
    await hands.go_to("#requester-phone")
    await hands.type("514 555 0188")
    # Her address is found while it is typed; she does not live where the hole is.
    await hands.go_to("#requester-postal_address")
    await hands.type("4563 saint-urb")
    async with hands.waiting():
        await expect(page.locator("#found-postal .pick").first).to_contain_text(
            "4563, rue Saint-Urbain, Parvis (Québec)"
        )
    await hands.press_on("#found-postal button.pick")
    await hands.go_to("select[name='requester.preferred_channel']")
    await hands.type("par lettre")
    await hands.press_on("button[name=_send]")
    await see_heading(page, "La requête est ouverte")
    reference = await page.locator(".receipt .reference").inner_text()
    assert hands.keys <= MOST_KEYS
    assert hands.seconds < MOST_SECONDS, f"{hands.keys} keys, {hands.letters} letters, {hands.waited:.1f} s of waiting"
    await desk.search(page, reference)
    await see(page, "Rose Aubin", "4563, rue Saint-Urbain", "1095, rue Saint-Denis", "par lettre")

    # Each step is a letter that the desk owes her, the last one too.
    crew = await people.come("fr", width=DESK)
    await sign_in(crew, AGENTS["roads-fr"])
    for step, given, told in (
        ("start", {}, "intervention en cours"),
        ("resolve", {"reason": "Le trou est comblé."}, "Le trou est comblé."),
    ):
        await desk.search(crew, reference)
        await desk.move(crew, step, given)
        await hands.page.goto("/bureau/appels")
        owed = page.locator("article.panel", has_text=reference)
        await until(page, lambda owed=owed, told=told: owed.get_by_text(told))
        await expect(owed).to_contain_text("4563, rue Saint-Urbain")
        printed = await downloaded(hands, "button[formaction$='lettres.pdf']")
        alone = f"/bureau/requete/{reference}/lettre"
        await owed.get_by_role("link").first.focus()  # however many others are owed a letter before her
        await hands.press_on(f"a[href='{alone}']")
        await see(page, "Rose Aubin", "4563, rue Saint-Urbain", told)
        for letter in (printed, await downloaded(hands, f"a[href='{alone}.pdf']")):
            assert letter.startswith(b"%PDF-")
        await page.goto("/bureau/appels")
        await press(page, owed.locator("button[value=told]"))
        await expect(owed).to_have_count(0)
    await desk.search(page, reference)
    await expect(page.locator(".timeline", has_text="Lettre mise à la poste")).to_be_visible()


async def downloaded(hands: Hands, selector: str) -> bytes:
    """What comes to be saved when the thing is pressed by a key."""
    await hands.go_to(selector)
    async with hands.page.expect_download() as saving:
        await hands.press("Enter")
    return Path(await (await saving.value).path()).read_bytes()


SPOKEN = {
    "y a un lampadère briser": "street_light",
    "the streetligth is brokn": "street_light",
    "ils ont pas ramassé mes vidanges": "missed_collection",
    "garbge not piked up": "missed_collection",
    "du grafiti sur le mur": "graffiti",
    "le chien du voisin jape": "animal_nuisance",
    "neighbor partying loud musik": "noise",
    "branche tombé dans rue": "fallen_branch",
    "my sidewlk is full of snow": "snowy_sidewalk",
    "couper un arbre": "tree_felling",
}


async def test_the_type_is_found_from_spoken_words(people: People):
    page = (await at_the_desk(people, "clerk-fr")).page
    await page.goto("/bureau/nouvelle")
    found = {}
    for spoken in SPOKEN:
        await page.locator("#what-box").fill(spoken)
        async with page.expect_event("load"):
            await page.keyboard.press("Enter")
        found[spoken] = await page.locator("#found-types button.pick").first.get_attribute("value")
    assert found == SPOKEN
