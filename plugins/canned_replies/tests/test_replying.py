"""Canned replies on the page of a request: chosen without scripts, filled in, sent only on purpose."""

import re

import pytest
from msgspec import structs

from parvis.requests.history import entries_of
from parvis_canned_replies.ready_texts import READY_TEXTS, ReadyText
from parvis_sdk.text import Text
from parvis_testing.desk import ZOE, address, said

LATE = ReadyText(
    code="late",
    title=Text(fr="Délai", en="Delay"),
    text=Text(
        fr="Bonjour {name},\n\nPrès du {place}, l’équipe {unit} passera. Réponse le {promised}.",
        en="Hello {name},\n\nNear {place}, {unit} will come. Answer by {promised}.",
    ),
)
BINS = structs.replace(LATE, code="bins", types=("bin",), title=Text(fr="Bac livré"))


@pytest.fixture
async def hole(desk):
    town = desk.host.jurisdictions.jurisdiction("parvis")
    before = town.from_files
    structs.force_setattr(town, "from_files", READY_TEXTS.put(town, (LATE, BINS)).from_files)
    yield await desk.request("hole", "roads")
    structs.force_setattr(town, "from_files", before)


def words_in(page):
    return re.search(r'(?s)<textarea[^>]*id="reply-words"[^>]*>\n?(.*?)</textarea>', page.text)[1]


async def test_a_text_from_the_list_is_put_after_what_was_typed_and_nothing_is_sent(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole))
    assert re.findall(r'<option value="(late|bins)"', page.text) == ["late"]
    page = await clerk.post(
        address(hole, "reponse"), version=str(hole.version), words="Madame,", _ready="late", _insert="1"
    )
    assert page.status_code == 200
    words = words_in(page)
    assert words.startswith("Madame,\n\nBonjour Zoé Côté,")
    assert "1234, rue Rachel Est" in words
    assert "{" not in words
    assert (await desk.record(hole.reference)).version == hole.version


async def test_a_slash_becomes_the_text_in_the_preview_and_what_was_previewed_is_sent(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.post(address(hole, "reponse"), version=str(hole.version), words="/délai\nMerci")
    assert said("Message to the requester") in clerk.text
    words = words_in(page)
    assert words.startswith("Bonjour Zoé Côté,")
    assert words.endswith("\nMerci")
    await clerk.post(address(hole, "reponse"), version=str(hole.version), words=words, _send="1")
    assert (await entries_of(await desk.record(hole.reference)))[-1].personal["words"].startswith("Bonjour Zoé Côté,")


async def test_a_message_is_written_and_spelt_in_the_language_of_the_request(desk, hole):
    english = await desk.request("hole", "roads", language="en")
    clerk = await desk.signed_in()
    page = await clerk.post(address(english, "reponse"), version=str(english.version), words="/late")
    assert words_in(page).startswith("Hello Zoé Côté,")
    assert re.search(r'<textarea[^>]*id="reply-words"[^>]*lang="en" spellcheck="true"', page.text)


async def test_what_is_not_known_or_not_to_be_seen_leaves_its_sentence_out(desk, hole):
    quarrel = await desk.request("quarrel", "noise")
    clerk = await desk.signed_in()
    page = await clerk.post(address(quarrel, "reponse"), version=str(quarrel.version), words="/late")
    assert ZOE["name"] not in page.text
    assert "Rachel" not in words_in(page)
    assert "{" not in words_in(page)
