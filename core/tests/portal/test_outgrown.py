"""A form changes under the hands of somebody who fills it in: they are told what changed, and nothing typed is lost."""

import pytest
from msgspec import structs

from parvis.requests.history import entries_of
from parvis.requests.records import find
from parvis_sdk.fields import PUBLIC, LongText, OneOf, Option, ShortText, YesNo
from parvis_sdk.forms import Form, Section
from parvis_testing.services import HOLE, said

from .test_drafts import ELOISE, SERVICE, SIZES, at_questions

TITLE = said("Quoi", "What")
DOG = YesNo(code="dog", label=said("Y a-t-il un chien?", "Is there a dog?"), required=False, privacy=PUBLIC)
DEPTH = LongText(code="depth", label=said("Décrivez le trou", "Describe the hole"), required=False, privacy=PUBLIC)
SIZE = OneOf(code="size", label=said("De quelle taille?", "Which size?"), options=SIZES, privacy=PUBLIC)
LANE = ShortText(code="lane", label=said("Quelle voie?", "Which lane?"), required=False, privacy=PUBLIC)


def asking(*fields):
    return structs.replace(HOLE, form=Form(sections=(Section(code="what", title=TITLE, fields=fields),)))


@pytest.fixture
def becomes(host, monkeypatch):
    """The service has another form from now on."""

    def change(*fields):
        monkeypatch.setitem(host.plugins.request_types, "hole", asking(*fields))

    return change


async def sent(browser, host):
    await browser.send(ELOISE)
    await browser.send()
    return await find(host, browser.path.split("/")[3])


async def test_what_changed_is_named_and_every_answer_without_a_question_is_shown(browser, becomes):
    becomes(SIZE, DEPTH, DOG)
    await at_questions(browser)
    await browser.send({"size": "small", "depth": "Un vélo y\ndisparaît", "dog": "yes"})
    becomes(structs.replace(SIZE, label=said("Quelle taille a-t-il?", "How large is it?")), LANE)
    await browser.open(f"{SERVICE}/1")
    for words in (
        "Ce formulaire a changé depuis",
        "Nouvelles questions : Quelle voie?",
        "Questions modifiées : Quelle taille a-t-il?",
        "2 questions ne sont plus posées",
        "Décrivez le trou",
        "Un vélo y disparaît",
        "Y a-t-il un chien?",
    ):
        assert words in " ".join(browser.text.replace("\u00a0", " ").split()), words
    assert ("size", "small") in browser.form()["fields"]


async def test_what_is_typed_on_a_page_of_the_old_form_is_kept_when_it_is_sent_to_the_new_one(browser, host, becomes):
    """The town puts a new version in force while somebody writes."""
    becomes(SIZE, DEPTH)
    await at_questions(browser)
    await browser.send({"size": "small", "depth": "Peu", "_back": "1"})
    await browser.open(f"{SERVICE}/1")
    becomes(SIZE, LANE)
    await browser.send({"size": "small", "depth": "Trente centimètres, il grandit"})
    assert "Ce formulaire a changé depuis" in browser.text
    assert "Trente centimètres, il grandit" in browser.text
    record = await sent(browser, host)
    assert record.answers == {"size": "small"}
    (told,) = [each.personal["words"] for each in await entries_of(record) if each.kind == "received"]
    assert told == "Décrivez le trou\u00a0: Trente centimètres, il grandit"


async def test_who_does_not_want_it_does_not_send_what_is_no_longer_asked(browser, host, becomes):
    becomes(SIZE, DEPTH)
    await at_questions(browser)
    await browser.send({"size": "small", "depth": "Secret"})
    becomes(SIZE)
    await browser.open(f"{SERVICE}/1")
    await browser.send({})
    await browser.send(ELOISE)
    assert "Secret" in browser.text
    await browser.send({"_join": None})
    record = await find(host, browser.path.split("/")[3])
    assert "received" not in [each.kind for each in await entries_of(record)]


async def test_a_choice_that_is_no_longer_offered_is_told_and_not_taken_for_another(browser, becomes):
    becomes(SIZE)
    await at_questions(browser)
    await browser.send({"size": "small"})
    becomes(structs.replace(SIZE, options=(Option(code="huge", label=said("Énorme", "Huge")), SIZES[1])))
    await browser.open(f"{SERVICE}/1")
    text = " ".join(browser.text.replace("\u00a0", " ").split())
    assert "1 question n’est plus posée" in text
    assert SIZES[0].label.fr in text
    assert ("size", "small") not in browser.form()["fields"]


async def test_a_draft_of_two_versions_ago_has_lost_nothing(browser, host, becomes):
    becomes(SIZE, DEPTH)
    await at_questions(browser)
    await browser.send({"size": "small", "depth": "Profond"})
    becomes(SIZE, LANE)
    await browser.open(f"{SERVICE}/1")
    await browser.send({"lane": "Celle de droite"})
    becomes(SIZE)
    await browser.open(f"{SERVICE}/1")
    assert "Profond" in browser.text
    assert "Celle de droite" in browser.text
    await browser.send({})
    record = await sent(browser, host)
    (told,) = [each.personal["words"] for each in await entries_of(record) if each.kind == "received"]
    assert told.split("\n") == ["Décrivez le trou\u00a0: Profond", "Quelle voie?\u00a0: Celle de droite"]
