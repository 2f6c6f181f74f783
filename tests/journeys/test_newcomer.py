"""Somebody who has never seen these pages follows only the words that they show: files, answers, resolves, reads it."""

import re
from typing import TYPE_CHECKING

import pytest
from msgspec import Struct
from playwright.async_api import expect

from .people import AGENTS, DESK, PHONE, People
from .walking import press

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")


class Words(Struct, frozen=True, kw_only=True):
    """What a page shows, in one language; beside it what the newcomer says."""

    pothole: str
    address: str
    dangerous: str
    no: str
    go_on: str
    name: str
    email: str
    send_request: str
    password: str
    sign_in: str
    search: str
    take_on: str
    answer: str
    send: str
    on_its_way: str
    other_steps: str
    resolve: str
    done: str
    made: str
    follow: str
    place: str
    said: str
    repaired: str


FRENCH = Words(
    pothole="Nid-de-poule",
    address="Adresse, ou adresse la plus proche",
    dangerous="Est-ce dangereux?",
    no="Non",
    go_on="Continuer",
    name="Votre nom",
    email="Courriel",
    send_request="Envoyer la requête",
    password="Mot de passe",
    sign_in="Se connecter",
    search="Rechercher",
    take_on="Prendre en charge",
    answer="Répondre à la personne",
    send="Envoyer le message",
    on_its_way="Le message est envoyé à la personne",
    other_steps="Autres étapes",
    resolve="Marquer comme réglée",
    done="Ce qui a été fait",
    made="L’étape est effectuée.",
    follow="Suivre ma requête",
    place="1808, avenue Papineau",
    said="Une équipe passe demain matin.",
    repaired="Trou comblé.",
)
ENGLISH = Words(
    pothole="Pothole",
    address="Address or nearest address",
    dangerous="Is it dangerous?",
    no="No",
    go_on="Continue",
    name="Your name",
    email="Email",
    send_request="Send the request",
    password="Password",
    sign_in="Sign in",
    search="Search",
    take_on="Start handling",
    answer="Reply to the requester",
    send="Send the message",
    on_its_way="The message is sent to the requester",
    other_steps="Other steps",
    resolve="Mark as resolved",
    done="What was done",
    made="The step is completed.",
    follow="Follow my request",
    place="6505, rue Saint-Hubert",
    said="A crew comes tomorrow morning.",
    repaired="Hole filled.",
)


@pytest.mark.parametrize(("language", "words"), [("fr", FRENCH), ("en", ENGLISH)])
async def test_a_newcomer_files_answers_and_resolves_by_the_words_on_the_pages(
    people: People, language: str, words: Words
):
    resident = await people.come(language, width=PHONE)
    await resident.goto(f"/{language}/")
    await press(resident, resident.get_by_role("link", name=words.pothole, exact=True).first)
    await resident.get_by_label(words.address).fill(words.place)
    danger = resident.get_by_role("group", name=words.dangerous)
    await danger.get_by_label(words.no, exact=True).check()
    await press(resident, button(resident, words.go_on))
    await resident.get_by_label(words.name).fill("Zoé Nouvelle")
    await resident.get_by_label(words.email).first.fill(f"zoe.nouvelle.{language}@exemple.ca")
    await press(resident, button(resident, words.send_request))
    found = REFERENCE.search(await resident.locator("main").inner_text())
    assert found is not None, "the receipt shows no number"

    agent = await people.come(language, width=DESK)
    known = AGENTS[f"manager-{language}"]
    await agent.goto(f"/connexion?langue={language}")
    await agent.get_by_label(words.email).fill(known.email)
    await agent.get_by_label(words.password).fill(known.password)
    await press(agent, button(agent, words.sign_in))
    await agent.get_by_role("searchbox").first.fill(found[0])
    await press(agent, button(agent, words.search))
    await expect(agent.get_by_role("heading", name=words.pothole, level=1)).to_be_visible()
    await press(agent, button(agent, words.take_on))
    await expect(agent.get_by_text(words.made)).to_be_visible()
    await agent.get_by_label(words.answer).fill(words.said)
    await press(agent, button(agent, words.send))
    await expect(agent.get_by_text(words.on_its_way)).to_be_visible()
    await agent.locator("main").get_by_text(words.other_steps).click()
    await agent.locator("main").get_by_text(words.resolve, exact=True).first.click()
    await agent.get_by_label(words.done).first.fill(words.repaired)
    await press(agent, button(agent, words.resolve))
    await expect(agent.get_by_text(words.made)).to_be_visible()

    await press(resident, resident.get_by_role("link", name=words.follow, exact=True))
    for each in (words.said, words.repaired):
        await expect(resident.get_by_text(each).first).to_be_visible()


def button(page: "Page", name: str) -> "Locator":
    return page.locator("main").get_by_role("button", name=name, exact=True)
