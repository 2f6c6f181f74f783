"""Canned replies at the desk: written with the right to, previewed, versioned, restored; and personal ones."""

import re
from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.requests.actors import Actor
from parvis_canned_replies.kept import last_of, standing_texts, write
from parvis_canned_replies.ready_texts import READY_TEXTS, ReadyText
from parvis_canned_replies.tables import ReadyTextVersion
from parvis_canned_replies.used import used_lately
from parvis_sdk.text import Text
from parvis_testing.desk import ANA, ZOE, address, said

TEXTS = "/bureau/textes"
NEW, MINE = f"{TEXTS}/nouveau", f"{TEXTS}/nouveau-a-moi"
WORDS = {
    "code": "Délai",
    "title_fr": "Délai",
    "text_fr": "Bonjour {name},\n\nRéponse le {promised}. C’est noté.",
    "title_en": "Delay",
    "text_en": "Hello {name},\n\nAnswer by {promised}. It is noted.",
}
IN_FILES = ReadyText(
    code="late", title=Text(fr="Retard", en="Late"), text=Text(fr="Nous sommes en retard.", en="We are late.")
)


@pytest.fixture
def here(desk):
    town = desk.deployment.jurisdictions.jurisdiction("parvis")
    before = town.from_files
    structs.force_setattr(
        town, "from_files", READY_TEXTS.put(town, (IN_FILES, structs.replace(IN_FILES, code="later"))).from_files
    )
    yield town
    structs.force_setattr(town, "from_files", before)


def hidden(page, name, after=""):
    return re.search(rf'(?s){after}.*?name="{name}" value="([^"]*)"', page.text)[1]


def choices(page):
    return [
        code
        for code in re.findall(
            r'<option value="([a-z0-9:_]+)"', page.text.split('name="_ready"')[1].split("</select>")[0]
        )
    ]


async def test_a_manager_writes_a_text_and_an_agent_finds_it_on_the_next_request(desk, here):
    clerk = await desk.signed_in("manager")
    await clerk.get(TEXTS)
    await clerk.post(NEW, **WORDS)
    assert said("The reply is saved. It is available to everyone within a few seconds.") in clerk.text
    hole = await desk.request("hole", "roads")
    agent = await desk.signed_in("agent", "roads", name="Luc Roy")
    page = await agent.get(address(hole))
    assert choices(page)[:3] == ["late", "later", "delai"]
    page = await agent.post(address(hole, "reponse"), version=str(hole.version), words="/delai")
    assert f"Bonjour {ZOE['name']}," in page.text
    page = await agent.get(TEXTS)
    assert "Délai" in agent.text
    assert f"{TEXTS}/ville" not in page.text


@pytest.mark.parametrize(
    ("given", "words", "where"),
    [
        ({"title_fr": "", "text_fr": ""}, "Répondez à «\u00a0Texte en français\u00a0»", "text_fr"),
        ({"text_en": ""}, "Répondez à «\u00a0Texte en anglais\u00a0»", "text_en"),
        (
            {"text_fr": "Bonjour {nom}"},
            "{nom} n’est pas un champ reconnu. Vouliez-vous écrire {name} plutôt?",
            "text_fr",
        ),
        (
            {"text_en": "By {promissed}"},
            "{promissed} n’est pas un champ reconnu. Vouliez-vous écrire {promised}",
            "text_en",
        ),
        ({"text_fr": "Bonjour {name"}, "{name n’est pas un champ reconnu. Vouliez-vous écrire {name}", "text_fr"),
        ({"text_fr": "Bonjour {xyz}"}, "{xyz} n’est pas un champ reconnu. Champs possibles\u00a0: {name}, ", "text_fr"),
        ({"code": "late"}, "Une autre réponse porte ce nom court", "code"),
        ({"code": "!"}, "Inscrivez un nom court qui commence par une lettre", "code"),
    ],
)
async def test_what_makes_no_text_is_said_at_its_box_and_what_was_typed_is_kept(desk, here, given, words, where):
    clerk = await desk.signed_in("manager")
    answer = await clerk.post(NEW, **{**WORDS, **given})
    assert answer.status_code == 422
    assert words.replace("\u00a0", " ") in clerk.text.replace("\u00a0", " ")
    assert f'href="#{where}"' in answer.text
    assert 'value="Delay"' in answer.text
    assert await ReadyTextVersion.count() == 0


async def test_a_town_that_writes_in_french_only_asks_for_no_english(desk, here):
    regime = here.language_regime
    structs.force_setattr(here, "language_regime", "french_only")
    try:
        clerk = await desk.signed_in("manager")
        page = await clerk.get(NEW)
        assert "text_en" not in page.text
        await clerk.post(NEW, code="delai", title_fr="Délai", text_fr="Bientôt.")
        assert (await last_of(here, "delai")).ready.text == Text(fr="Bientôt.")
    finally:
        structs.force_setattr(here, "language_regime", regime)


async def test_each_box_is_spelt_in_its_own_language(desk, here):
    clerk = await desk.signed_in("manager")
    page = await clerk.get(NEW)
    for language in ("fr", "en"):
        assert re.search(rf'<textarea[^>]*id="text_{language}"[^>]*lang="{language}" spellcheck="true"', page.text)
        assert re.search(rf'<input[^>]*id="title_{language}"[^>]*lang="{language}" spellcheck="true"', page.text)


async def test_a_text_is_read_in_both_languages_before_it_is_kept(desk, here):
    clerk = await desk.signed_in("manager")
    page = await clerk.post(NEW, **WORDS, _preview="1")
    assert page.status_code == 200
    assert "Bonjour Camille Tremblay," in page.text
    assert "Hello Camille Tremblay," in page.text
    assert re.search(r"Ces caractères ne sont pas standards dans les textos\s: [^.é]*’", clerk.text)
    assert await ReadyTextVersion.count() == 0


async def test_a_preview_with_a_request_leaves_out_what_it_lacks_and_tells_nothing_hidden(desk, here):
    quarrel = await desk.request("quarrel", "noise")
    clerk = await desk.signed_in("manager")
    page = await clerk.post(NEW, **WORDS, _preview="1", reference=quarrel.reference)
    assert ZOE["name"] not in page.text
    assert "{name}" in page.text.split("preview__title")[1]
    assert "C’est noté." in page.text
    elsewhere = await desk.signed_in("manager", "roads", name="Luc Roy")
    page = await elsewhere.post(NEW, **WORDS, units="roads", _preview="1", reference=quarrel.reference)
    assert page.status_code == 422
    assert said("There is no request with this number that you may see.") in elsewhere.text


async def test_a_long_text_tells_what_a_text_message_holds_of_it(desk, here):
    clerk = await desk.signed_in("manager")
    long = "Nous avons bien reçu votre message. " * 6
    page = await clerk.post(NEW, **{**WORDS, "text_fr": long.strip()}, _preview="1")
    assert "Par texto\u00a0: 215 caractères, trop long." in page.text
    assert "Nous avons bien reçu votre message…</span>" in page.text


async def test_what_the_files_say_stays_the_first_version_and_is_brought_back(desk, here):
    clerk = await desk.signed_in("manager")
    base = f"{TEXTS}/ville/late"
    page = await clerk.get(base)
    sent = {"title_fr": "Retard", "title_en": "Late", "text_fr": "Nous serons là bientôt.", "text_en": "We come soon."}
    await clerk.post(base, seen=hidden(page, "seen"), **sent)
    assert (await standing_texts(desk.host, here)).texts[0].text.fr == "Nous serons là bientôt."
    page = await clerk.get(f"{base}/versions")
    assert "Nous <del>sommes en retard.</del><ins>serons là bientôt.</ins>" in page.text
    assert "Ana Tremblay" in clerk.text
    assert said("Town files") in clerk.text
    await clerk.post(f"{base}/versions/1/retour", seen=hidden(page, "seen"))
    assert said("The earlier version has been restored.") in clerk.text
    assert (await standing_texts(desk.host, here)).texts[0] == IN_FILES
    assert await ReadyTextVersion.count() == 3
    late = await clerk.post(f"{base}/versions/2/retour", seen="2")
    assert said("Not saved: somebody changed this reply in the meantime. Here it is.") in clerk.text
    assert late.status_code == 200
    assert await ReadyTextVersion.count() == 3


async def test_files_that_changed_since_are_shown_and_taken(desk, here):
    clerk = await desk.signed_in("manager")
    ready = structs.replace(IN_FILES, text=Text(fr="Du bureau.", en="From the desk."))
    await write(desk.host, here, ready, seen=1, actor=ANA)
    now = structs.replace(IN_FILES, text=Text(fr="Des fichiers, plus tard.", en="From the files, later."))
    structs.force_setattr(here, "from_files", READY_TEXTS.put(here, (now,)).from_files)
    page = await clerk.get(f"{TEXTS}/ville/late/versions")
    assert said("The town files contain a different version") in clerk.text
    await clerk.post(f"{TEXTS}/ville/late/versions/0/retour", seen=hidden(page, "seen"))
    assert (await last_of(here, "late")).ready == now


async def test_a_retired_text_is_offered_no_more_and_brought_back_to_its_place(desk, here):
    clerk = await desk.signed_in("manager")
    page = await clerk.get(TEXTS)
    await clerk.post(f"{TEXTS}/ville/late/retrait", seen=hidden(page, "seen", "late/retrait"))
    assert said("The reply has been removed.") in clerk.text
    assert [ready.code for ready in (await standing_texts(desk.host, here)).texts] == ["later"]
    page = await clerk.get(f"{TEXTS}/ville/late/versions")
    await clerk.post(f"{TEXTS}/ville/late/versions/1/retour", seen=hidden(page, "seen"))
    assert [ready.code for ready in (await standing_texts(desk.host, here)).texts] == ["late", "later"]
    late = await clerk.post(f"{TEXTS}/ville/late/retrait", seen="1")
    assert said("Not saved: somebody changed this reply in the meantime. Here it is.") in clerk.text
    assert late.status_code == 200


async def test_texts_are_offered_in_the_order_in_which_they_are_put(desk, here):
    clerk = await desk.signed_in("manager")
    await clerk.post(NEW, **WORDS)
    await clerk.post(f"{TEXTS}/ville/delai/place", _up="1")
    await clerk.post(f"{TEXTS}/ville/late/place", _down="1")
    assert [ready.code for ready in (await standing_texts(desk.host, here)).texts] == ["delai", "late", "later"]
    await clerk.post(f"{TEXTS}/ville/delai/place", _up="1")
    assert [ready.code for ready in (await standing_texts(desk.host, here)).texts] == ["delai", "late", "later"]


async def test_two_managers_at_one_text_see_what_the_other_wrote_and_lose_nothing(desk, here):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    base = f"{TEXTS}/ville/late"
    seen = hidden(await luc.get(base), "seen")
    await ana.get(base)
    sent = {"title_fr": "Retard", "title_en": "Late", "text_en": "We come soon."}
    await ana.post(base, seen=seen, **sent, text_fr="Nous arrivons.")
    late = await luc.post(base, seen=seen, **sent, text_fr="Nous venons.")
    assert late.status_code == 409
    assert said("Somebody else changed this reply in the meantime") in luc.text
    assert "<del>arrivons.</del><ins>venons.</ins>" in late.text
    assert "Nous venons.</textarea>" in late.text
    again = await luc.post(base, seen=hidden(late, "seen"), **sent, text_fr="Nous venons.")
    assert again.status_code == 200
    last = await last_of(here, "late")
    assert (last.number, last.by, last.ready.text.fr) == (3, "Luc Roy", "Nous venons.")


async def test_a_press_that_comes_twice_makes_one_version(desk, here):
    clerk = await desk.signed_in("manager")
    base = f"{TEXTS}/ville/late"
    seen = hidden(await clerk.get(base), "seen")
    sent = {"title_fr": "Retard", "title_en": "Late", "text_fr": "Bientôt.", "text_en": "Soon."}
    for _ in range(2):
        assert (await clerk.post(base, seen=seen, **sent)).status_code == 200
    assert (await last_of(here, "late")).number == 2


async def test_who_decides_for_a_unit_writes_for_it_alone(desk, here):
    chief = await desk.signed_in("manager", "environment")
    page = await chief.get(TEXTS)
    assert "retrait" not in page.text
    assert (await chief.http.get(f"{TEXTS}/ville/late")).status_code == 403
    refused = await chief.post(NEW, **WORDS)
    assert refused.status_code == 422
    assert 'href="#units"' in refused.text
    assert (await chief.post(NEW, **WORDS, units="roads")).status_code == 422
    assert await ReadyTextVersion.count() == 0
    await chief.post(NEW, **WORDS, units="environment")
    assert (await last_of(here, "delai")).ready.units == ("environment",)
    assert (await chief.http.post(f"{TEXTS}/ville/delai/place", data={"_csrf": chief.token})).status_code == 403
    whole = await desk.signed_in("manager", name="Hélène")
    base = f"{TEXTS}/ville/delai"
    seen = hidden(await whole.get(base), "seen")
    words = {name: value for name, value in WORDS.items() if name != "code"}
    await whole.post(base, seen=seen, **words)
    assert (await last_of(here, "delai")).ready.units == ()
    assert (await chief.http.get(base)).status_code == 403


async def test_a_text_for_a_unit_is_offered_there_and_below_it_only(desk, here):
    clerk = await desk.signed_in("manager")
    await clerk.post(NEW, **WORDS, units="environment", types="hole")
    below = next(code for code in here.units_under("environment") if code != "environment")
    for unit, offered in (("environment", True), (below, True), ("roads", False)):
        page = await clerk.get(address(await desk.request("hole", unit)))
        assert ("delai" in choices(page)) is offered
    page = await clerk.get(address(await desk.request("quarrel", "environment")))
    assert "delai" not in choices(page)


async def test_ones_own_texts_are_seen_and_offered_to_nobody_else(desk, here):
    luc, ana = await desk.signed_in("agent", name="Luc Roy"), await desk.signed_in("agent")
    await luc.post(MINE, code="moi", title_fr="Ma formule", text_fr="Au plaisir, {agent}.")
    assert "Ma formule" in luc.text
    hole, english = await desk.request("hole", "roads"), await desk.request("hole", "roads", language="en")
    assert choices(await luc.get(address(hole)))[-1] == "own:moi"
    assert "own:moi" not in choices(await luc.get(address(english)))
    page = await luc.post(address(hole, "reponse"), version=str(hole.version), words="", _ready="own:moi", _insert="1")
    assert "Au plaisir, Luc Roy." in page.text
    assert "Ma formule" not in (await ana.get(TEXTS)).text
    assert "own:moi" not in (await ana.get(address(hole))).text
    assert (await ana.http.get(f"{TEXTS}/a-moi/moi")).status_code == 404
    page = await luc.get(f"{TEXTS}/a-moi/moi")
    await luc.post(f"{TEXTS}/a-moi/moi", seen=hidden(page, "seen"), title_fr="Ma formule", text_fr="Merci, {agent}.")
    await luc.get(f"{TEXTS}/a-moi/moi/versions")
    assert "Au plaisir," in luc.text
    await luc.post(f"{TEXTS}/a-moi/moi/suppression")
    assert said("Your reply has been destroyed.") in luc.text
    assert await ReadyTextVersion.count() == 0


async def test_closing_an_account_destroys_what_it_kept_for_itself(desk, here):
    luc = await desk.signed_in("agent", name="Luc Roy")
    await luc.post(MINE, code="moi", title_fr="Ma formule", text_fr="Au plaisir.")
    await write(desk.host, here, IN_FILES, seen=1, actor=Actor(kind="agent", id=luc.person.id, name="Luc Roy"))
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/personnes")
    await operator.post("/exploitation/personnes", id=luc.person.id, active="non")
    assert await ReadyTextVersion.count().where(ReadyTextVersion.owner == luc.person.id) == 0


async def test_texts_cost_the_page_of_a_request_no_statement_while_they_are_fresh(desk, here):
    clerk = await desk.signed_in("manager")
    hole = await desk.request("hole", "roads")
    await clerk.get(address(hole))
    with counted() as few:
        await clerk.get(address(hole))
    for number in range(5):
        await clerk.post(NEW, **{**WORDS, "code": f"texte{number}"})
    assert "texte4" in choices(await clerk.get(address(hole)))
    with counted() as many:
        await clerk.get(address(hole))
    assert few.count == many.count
    with counted() as listed:
        await clerk.get(TEXTS)
    await clerk.post(NEW, **{**WORDS, "code": "encore"})
    with counted() as longer:
        await clerk.get(TEXTS)
    assert listed.count == longer.count


async def test_a_text_counts_as_used_once_it_stands_in_a_message_that_was_sent(desk, here):
    clerk = await desk.signed_in("manager")
    hole = await desk.request("hole", "roads")
    reply = address(hole, "reponse")
    page = await clerk.post(reply, version=str(hole.version), words="Bonjour,", _ready="late", _insert="1")
    assert await used_lately(here) == {}
    words = re.search(r'(?s)<textarea[^>]*id="reply-words"[^>]*>\n?(.*?)</textarea>', page.text)[1]
    sent = {"version": str(hole.version), "words": words, "used": hidden(page, "used")}
    page = await clerk.post(reply, **sent)
    await clerk.post(reply, **{**sent, "used": [hidden(page, "used"), "nothing"]}, _send="1")
    assert await used_lately(here) == {"late": 1}
    text = (await clerk.get(TEXTS)).text
    assert text.count("utilisée dans 1 message en 90 jours") == 1
    assert text.count("non utilisée depuis 90 jours") == 1
    with clock.moved_to(clock.now() + timedelta(days=91)):
        assert await used_lately(here) == {}


async def test_an_observer_reads_the_texts_and_writes_none(desk, here):
    clerk = await desk.signed_in("observer")
    page = await clerk.get(TEXTS)
    assert "Retard" in page.text
    assert said("My replies") not in clerk.text
    for path in (NEW, MINE, f"{TEXTS}/ville/late", f"{TEXTS}/ville/late/versions"):
        assert (await clerk.http.get(path)).status_code == 403
    for path in (NEW, MINE, f"{TEXTS}/ville/late", f"{TEXTS}/ville/late/retrait", f"{TEXTS}/ville/late/place"):
        assert (await clerk.post(path, **WORDS, seen="1")).status_code == 403
        await clerk.get("/bureau/compte")
    assert await ReadyTextVersion.count() == 0


async def test_who_answers_for_a_sector_only_reads_the_texts_and_writes_none(desk):
    """Texts hold wherever a request lies."""
    chief = await desk.signed_in("manager", zones=("plateau",), name="Chef de secteur")
    assert (await chief.get(NEW)).status_code == 403
    page = await chief.get(TEXTS)
    assert page.status_code == 200
    assert f'href="{NEW}"' not in page.text
