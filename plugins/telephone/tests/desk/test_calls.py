"""Calls and letters at the desk: the list for today, the box beside a request, how each went."""

import io
import re
from datetime import timedelta
from functools import partial

import pikepdf
import pytest

from parvis import clock
from parvis.db import counted, transaction
from parvis.identifiers import new_id
from parvis.requests.work.untold import owe, untold_of
from parvis.unit_managers import chiefs_of
from parvis_sdk.subscriptions import ByHand
from parvis_telephone import printed_letters as letters
from parvis_telephone.escalating import escalate_late
from parvis_telephone.wishes import Wish, keep_wish
from parvis_testing.desk import counted_as, said
from parvis_testing.owed import HAROLD, SAID, owed

BY_POST = {
    "mode": "named",
    "name": "Zoé Côté",
    "email": "zoe@exemple.ca",
    "postal_address": "C. P. 5\nVal-des-Monts (Québec) J8N 1A1",
    "preferred_channel": "letter",
}


def form_of(clerk, result):
    """What is sent by pressing this answer in the first form of the page that is about a call."""
    calls = re.search(r'name="calls" value="([^"]+)"', clerk.page.text)[1]
    return {"calls": calls, "result": result}


async def test_the_list_says_whom_to_call_at_which_number_and_what_to_say(desk):
    record = await owed(desk, language="en")
    clerk = await desk.signed_in("clerk")
    page = await clerk.get("/bureau/appels")
    assert page.status_code == 200
    assert 'href="tel:+15145550163"' in page.text
    assert '<div class="call-words" lang="en">' in page.text
    assert "The crew comes on &lt;Thursday&gt;." in page.text
    for words in (
        "Harold Pike",
        "Work planned",
        record.reference,
        counted_as("%(num)s message to pass on", "%(num)s messages to pass on", 1),
    ):
        assert words in clerk.text
    page = await clerk.post(
        f"/bureau/requete/{record.reference}/appel", **form_of(clerk, "told"), words="Merci", **{"from": "list"}
    )
    assert said("The call or letter has been recorded.") in clerk.text
    assert said("No call to make or letter to send.") in clerk.text
    await clerk.get(f"/bureau/requete/{record.reference}")
    assert "Personne jointe par téléphone" in clerk.text
    assert "Merci" in clerk.text
    assert said("Call this person") not in clerk.text


async def test_the_box_beside_the_request_puts_a_call_off_to_another_day(desk):
    record = await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get(f"/bureau/requete/{record.reference}")
    assert said("Call this person") in clerk.text
    answers = form_of(clerk, "again")
    await clerk.post(f"/bureau/requete/{record.reference}/appel", **answers)
    assert said("The call or letter has been recorded.") in clerk.text
    assert "Appel sans réponse" in clerk.text
    assert counted_as("%(num)s attempt so far", "%(num)s attempts so far", 1) in clerk.text
    await clerk.get("/bureau/appels")
    assert record.reference not in clerk.text
    await clerk.get("/bureau/appels?quand=plus-tard")
    assert record.reference in clerk.text


async def test_a_second_press_says_that_it_is_written_down_already(desk):
    record = await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get(f"/bureau/requete/{record.reference}")
    answers = form_of(clerk, "told")
    await clerk.post(f"/bureau/requete/{record.reference}/appel", **answers)
    for wrong in (answers, {"calls": "x y", "result": "told"}, {"calls": answers["calls"], "result": "burnt"}, {}):
        page = await clerk.post(f"/bureau/requete/{record.reference}/appel", **wrong)
        assert page.status_code == 200
        assert said("Somebody has already recorded this.") in clerk.text


async def test_a_letter_is_sent_and_not_tried_again(desk):
    record = await owed(desk, "letter", BY_POST)
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau/appels")
    assert said("By letter") in clerk.text
    assert 'value="again"' not in page.text
    letter = await clerk.get(f"/bureau/requete/{record.reference}/lettre")
    assert '<article class="panel" lang="fr">' in letter.text
    for words in (
        "Zoé Côté<br>C. P. 5<br>",
        "Bonjour Zoé Côté,",
        "Travaux prévus",
        "L’équipe passe &lt;jeudi&gt;.",
        record.reference,
    ):
        assert words in letter.text
    paper = await clerk.get(f"/bureau/requete/{record.reference}/lettre.pdf")
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    assert f"lettre-{record.reference}.pdf" in paper.headers["content-disposition"]
    with pikepdf.open(io.BytesIO(paper.content)) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"] == f"Travaux prévus {record.reference}"
        assert (pdf.Root.Lang, about["pdfuaid:part"], about["pdfaid:part"]) == ("fr-CA", "1", "2")
    await clerk.get("/bureau/appels")
    await clerk.post(f"/bureau/requete/{record.reference}/appel", **form_of(clerk, "told"))
    assert "Lettre mise à la poste" in clerk.text
    for gone in ("lettre", "lettre.pdf"):
        assert (await clerk.get(f"/bureau/requete/{record.reference}/{gone}")).status_code == 404


async def test_several_things_to_tell_are_one_letter_and_one_that_cannot_be_set_is_said(desk, monkeypatch):
    record = await owed(desk, "letter", language="en")
    async with transaction(desk.host.engine):
        await owe(desk.host, record, new_id(), ByHand(way="letter", about=SAID, say=SAID))
    clerk = await desk.signed_in()
    paper = await clerk.get(f"/bureau/requete/{record.reference}/lettre.pdf")
    with pikepdf.open(io.BytesIO(paper.content)) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"] == f"News about your request {record.reference}"
        assert pdf.Root.Lang == "en-CA"
    monkeypatch.setattr(letters, "SECONDS", 0)
    assert (await clerk.get(f"/bureau/requete/{record.reference}/lettre.pdf")).status_code == 409
    assert "La lettre n’a pas pu être convertie en PDF." in clerk.text


async def test_whoever_reads_large_print_has_their_letter_in_fourteen_points_after_a_salutation(desk):
    pymupdf = pytest.importorskip("pymupdf")
    record = await owed(desk, "letter", BY_POST)
    clerk = await desk.signed_in()
    sizes = []
    for wish in (Wish(), Wish(large_print=True)):
        await keep_wish(desk.host, record.id, wish)
        paper = await clerk.get(f"/bureau/requete/{record.reference}/lettre.pdf")
        (page,) = pymupdf.open(stream=paper.content)
        assert "Bonjour Zoé Côté," in page.get_text()
        spans = [span for block in page.get_text("dict")["blocks"] for line in block["lines"] for span in line["spans"]]
        sizes += [round(span["size"], 1) for span in spans if "équipe passe" in span["text"]]
    assert sizes[0] < sizes[1] == 14.0


WINDOW = (22, 54, 22 + 114, 82)  # of an envelope no. 10 over a letter folded in three that lies at its bottom, in mm


def in_window(page):
    """The words seen through the window, which shows none of them half."""
    left, top, right, bottom = WINDOW
    seen = []
    for x, y, to_x, to_y, words, *_ in page.get_text("blocks"):
        x, y, to_x, to_y = (each / 72 * 25.4 for each in (x, y, to_x, to_y))
        if y < bottom and to_y > top:
            assert left < x
            assert to_x < right
            assert top < y
            assert to_y < bottom
            seen += words.split("\n")
    return [line for line in seen if line]


async def test_the_letters_of_a_day_are_one_file_each_on_its_own_sheet_with_its_address_in_the_window(desk):
    pymupdf = pytest.importorskip("pymupdf")
    long = "a/s Ana Roy\n12, rue Principale, app. 4\nImmeuble B\nC. P. 5\nVal-des-Monts (Québec) J8N 1A1"
    first = await owed(desk, "letter", BY_POST)
    second = await owed(desk, "letter", BY_POST | {"name": "Harold Pike", "postal_address": long}, language="en")
    await owed(desk, "letter", HAROLD | {"name": "Sans Adresse"})
    hidden = BY_POST | {"mode": "confidential", "name": "Jean Secret"}
    await owed(desk, "letter", hidden, type="quarrel")
    clerk = await desk.signed_in("manager")
    page = await clerk.get("/bureau/appels")
    assert said("No postal address") in clerk.text
    assert "C. P. 5<br>Val-des-Monts (Québec)  J8N 1A1" in page.text
    form = {"calls": re.search(r'lettres" method="post">.*?name="calls" value="([^"]+)"', page.text, re.DOTALL)[1]}
    late = await owed(desk, "letter", BY_POST | {"name": "Trop Tard"})
    paper = await clerk.post("/bureau/appels/lettres.pdf", **form)
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    pages = list(pymupdf.open(stream=paper.content))
    assert len(pages) == 3  # the back of the first sheet stays empty
    zoe, harold = ["Zoé Côté", "C. P. 5", "Val-des-Monts (Québec)  J8N 1A1"], ["Harold Pike", *long.split("\n")]
    harold[-1] = "Val-des-Monts (Québec)  J8N 1A1"
    assert [in_window(each) for each in pages] == [zoe, [], harold]
    assert [name in pages[2].get_text() for name in (first.reference, second.reference)] == [False, True]
    with pikepdf.open(io.BytesIO(paper.content)) as pdf, pdf.open_metadata() as about:
        assert about["dc:title"].startswith("Lettres du ")
        assert (about["pdfuaid:part"], about["pdfaid:part"]) == ("1", "2")
    for name in ("Secret", "Sans Adresse", "Trop Tard"):
        assert not [each for each in pages if name in each.get_text()]
    await clerk.get("/bureau/appels")
    await clerk.post("/bureau/appels/lettres", **form)
    assert said("The letters have been recorded as mailed.") in clerk.text
    listed = [each.reference in clerk.text for each in (first, second, late)]
    assert listed == [False, False, True]
    await clerk.post("/bureau/appels/lettres", **form)
    assert said("Somebody has already recorded this.") in clerk.text
    await clerk.get(f"/bureau/requete/{second.reference}")
    assert "Lettre mise à la poste" in clerk.text


async def test_letters_that_cannot_be_set_or_are_none_any_more_are_said_on_the_list(desk, monkeypatch):
    await owed(desk, "letter", BY_POST)
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau/appels")
    form = {"calls": re.search(r'lettres" method="post">.*?name="calls" value="([^"]+)"', page.text, re.DOTALL)[1]}
    monkeypatch.setattr(letters, "SECONDS", 0)
    assert (await clerk.post("/bureau/appels/lettres.pdf", **form)).status_code == 409
    assert "Les lettres n’ont pas pu être converties en PDF." in clerk.text
    await clerk.post("/bureau/appels/lettres.pdf", calls="x")
    assert said("Somebody has already recorded this.") in clerk.text


async def test_who_may_not_see_the_person_prints_nobodys_address(desk):
    record = await owed(desk, "letter", BY_POST | {"mode": "confidential"}, type="quarrel")
    manager = await desk.signed_in("manager")
    for path in ("/bureau/appels", f"/bureau/requete/{record.reference}", f"/bureau/requete/{record.reference}/lettre"):
        page = await manager.get(path)
        assert page.status_code == 200
        for secret in ("C. P. 5", "Val-des-Monts"):
            assert secret not in page.text


async def test_who_is_confidential_is_named_neither_in_the_list_nor_beside(desk):
    record = await owed(desk, type="quarrel", person=HAROLD | {"mode": "confidential"})
    manager = await desk.signed_in("manager")
    for path in ("/bureau/appels", f"/bureau/requete/{record.reference}"):
        page = await manager.get(path)
        assert "L’équipe passe" in page.text
        for secret in ("Harold", "555-0163", "5550163"):
            assert secret not in page.text


async def test_only_who_answers_for_the_request_sees_and_marks_the_call(desk):
    record = await owed(desk)
    observer = await desk.signed_in("observer")
    await observer.get(f"/bureau/requete/{record.reference}")
    assert said("Call this person") not in observer.text
    assert (await observer.post(f"/bureau/requete/{record.reference}/appel", result="told")).status_code == 403
    elsewhere = await desk.signed_in("agent", "lighting")
    await elsewhere.get("/bureau/appels")
    assert record.reference not in elsewhere.text


async def test_the_list_costs_as_many_statements_however_long_it_is(desk):
    await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get("/bureau/appels")
    with counted() as one:
        await clerk.get("/bureau/appels")
    for _ in range(4):
        await owed(desk)
    with counted() as five:
        await clerk.get("/bureau/appels")
    assert one.count == five.count <= 7


def waiting_in(clerk):
    """The number beside the calls in the menu."""
    found = re.search(r'menu__waiting">.*?</span>([^<]*)<', clerk.page.text)
    return found[1] if found else ""


async def test_the_menu_counts_who_is_to_be_called_now_each_person_once(desk):
    clerk = await desk.signed_in()
    await clerk.get("/bureau")
    assert waiting_in(clerk) == ""
    record = await owed(desk)
    async with transaction(desk.host.engine):
        await owe(desk.host, record, new_id(), ByHand(way="phone", about=SAID, say=SAID))
    await owed(desk)
    await clerk.get("/bureau")
    assert waiting_in(clerk) == "2"
    elsewhere = await desk.signed_in("agent", "lighting")
    await elsewhere.get("/bureau")
    assert waiting_in(elsewhere) == ""


async def test_the_menu_asks_nothing_for_who_calls_nobody(desk):
    await owed(desk)
    observer = await desk.signed_in("observer", "roads")
    await observer.get("/bureau")
    with counted() as queries:
        await observer.get("/bureau/compte")
    assert not [sql for sql in queries.statements if "owed_contact" in sql]


async def test_the_calls_that_wait_are_read_by_their_index(desk, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    clerk = await desk.signed_in()
    with counted() as queries:
        await clerk.get("/bureau/compte")
    (sql,) = [sql for sql in queries.statements if "owed_contact" in sql]
    plan = await desk.host.engine.send(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
    read = [row["detail"] for row in plan]
    assert any("owed_contact_open" in step for step in read), read
    assert not [step for step in read if step.startswith("SCAN r")], read


async def test_who_asks_to_be_called_back_is_on_the_list_with_what_it_is_about(desk):
    record = await desk.request(requester=HAROLD)
    clerk = await desk.signed_in("clerk")
    await clerk.get(f"/bureau/requete/{record.reference}")
    await clerk.post(f"/bureau/requete/{record.reference}/rappel", words="Son permis, après 16 h")
    assert said("The call has been added to the calls to make.") in clerk.text
    assert "Rappel demandé" in clerk.text
    await clerk.get("/bureau/appels")
    assert "La personne demande à être rappelée" in clerk.text
    assert "Son permis, après 16 h" in clerk.text


async def test_a_call_back_that_is_pressed_twice_is_owed_once_and_other_words_are_another(desk):
    record = await desk.request(requester=HAROLD)
    clerk = await desk.signed_in()
    await clerk.get(f"/bureau/requete/{record.reference}")
    for words in ("Son permis", "Son permis", "Sa facture"):
        await clerk.post(f"/bureau/requete/{record.reference}/rappel", words=words)
        assert said("The call has been added to the calls to make.") in clerk.text
    assert [each.say for each in await untold_of(record)] == ["Son permis", "Sa facture"]
    assert clerk.text.count("Rappel demandé") == 2


async def test_nobody_is_called_back_without_a_number(desk):
    record = await desk.request(requester={"mode": "named", "name": "Zoé", "email": "zoe@exemple.ca"})
    clerk = await desk.signed_in()
    await clerk.get(f"/bureau/requete/{record.reference}")
    await clerk.post(f"/bureau/requete/{record.reference}/rappel", words="Vite")
    assert said("This person has no phone number on file. Correct the contact details first.") in clerk.text
    await clerk.get("/bureau/appels")
    assert record.reference not in clerk.text


STALLED = "/bureau/ce-qui-traine"


def lists(page) -> dict[str, tuple[str, str]]:
    """The lists with something in them: how many, and the address, by what they are called."""
    tile = r'<div class="tile">\s*<dt>([^<]+)</dt>\s*<dd>\s*<a class="tile__value" href="([^"]+)">(\d+)</a>'
    return {name: (number, href.replace("&amp;", "&")) for name, href, number in re.findall(tile, page.text)}


async def test_a_call_not_made_in_time_is_found(desk):
    with clock.moved_to(clock.now() - timedelta(days=10)):
        late = await owed(desk)
    today, host = await owed(desk), desk.host
    await escalate_late(host, partial(chiefs_of, host.engine))
    clerk = await desk.signed_in("clerk")
    page = await clerk.get(STALLED)
    number, href = lists(page)[said("Calls and letters")]
    assert (number, href) == ("1", "/bureau/appels?quand=en-retard")
    unit = host.jurisdictions.jurisdiction("parvis").unit(late.unit)
    owes = said("Assigned to: %(owners)s") % {"owners": f"{unit.name.to('fr')}"}
    assert f"{owes} (1)" in clerk.text
    await clerk.get(href)
    assert owes in clerk.text
    assert said("Escalated") in clerk.text
    assert late.reference in clerk.text
    assert today.reference not in clerk.text
    page = await clerk.post(
        f"/bureau/requete/{late.reference}/appel", **form_of(clerk, "told"), **{"from": "list", "when": "en-retard"}
    )
    assert said("No call or letter is late.") in clerk.text
    await clerk.get("/bureau/appels?quand=urgents")
    assert said("No emergency call to make.") in clerk.text
    assert said("Calls and letters") not in lists(await (await desk.signed_in("reader")).get(STALLED))
