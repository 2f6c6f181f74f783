"""Tying requests at the desk: both are seen before, what was done is told after, and the resident's page leads on."""

import io
import re

import pytest
from msgspec import structs
from PIL import Image

from parvis.db import counted
from parvis.requests.attached.attachments import kept_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.lifecycle import make_move
from parvis.requests.references import key_for
from parvis.requests.relations.ties import ties_of
from parvis_sdk.children import ChildRule
from parvis_sdk.requests import Phase
from parvis_testing.desk import ANA, HERE, ZOE, address, said


async def test_two_reports_are_seen_side_by_side_joined_and_taken_apart(desk):
    one = await desk.request("hole", "roads", answers={"danger": False, "words": "Devant l’école"})
    other = await desk.request("hole", "roads", answers={"danger": True, "words": "Un cratère"})
    clerk = await desk.signed_in()
    page = await clerk.get(address(one))
    assert f'<option value="{other.reference}">' in page.text  # nearby and of the same kind
    page = await clerk.get(address(one, f"liens?genre=duplicate_of&avec={other.reference}"))
    assert page.status_code == 200
    assert "Devant l’école" in clerk.text
    assert "Un cratère" in clerk.text
    await clerk.post(address(one, "liens"), version=str(one.version), genre="duplicate_of", avec=other.reference)
    assert said("The two requests are joined, and the person is notified.") in clerk.text
    assert "Jointe à une autre requête" in clerk.text
    await clerk.get(address(other))
    assert "Devant l’école" in clerk.text
    assert one.reference in clerk.text
    merged = await desk.record(one.reference)
    await clerk.get(address(one))
    await clerk.post(
        address(one, "liens", "fin"), version=str(merged.version), genre="duplicate_of", avec=other.reference
    )
    assert said("The request is handled separately again, and the requester is notified.") in clerk.text
    assert (await desk.record(one.reference)).merged_into is None


@pytest.fixture
def waits(desk):
    """Holes stand for their parts from now on: under way with the first of them, settled with the last."""
    hole = desk.host.plugins.request_types["hole"]
    transitions = [
        structs.replace(each, by=(*each.by, "system")) if each.code in ("start", "resolve") else each
        for each in hole.workflow.transitions
    ]
    desk.host.plugins.request_types["hole"] = structs.replace(
        hole,
        workflow=structs.replace(hole.workflow, transitions=tuple(transitions)),
        children=ChildRule(move="resolve", begins="start"),
    )
    return desk


def shown(clerk):
    """The version of the request that the page shows."""
    return re.search(r'name="version" value="(\d+)"', clerk.page.text)[1]


async def tied(clerk, part, whole):
    """Part of the other request, by the page that says what happens."""
    await clerk.get(address(part, f"liens?genre=child_of&avec={whole.reference}"))
    await clerk.post(address(part, "liens"), version=shown(clerk), genre="child_of", avec=whole.reference)
    assert said("The two requests are now linked.") in clerk.text


async def test_what_a_part_tied_by_hand_means_is_said_before_and_comes_true(waits):
    desk = waits
    whole, one, other = [await desk.request("hole", "roads") for _ in range(3)]
    clerk = await desk.signed_in()
    steps = {"other": whole.reference, "step": "Commencer"}
    await clerk.get(address(one, f"liens?genre=child_of&avec={whole.reference}"))
    begins = said("%(other)s moves to the step “%(step)s” automatically when work on one of its parts begins.", **steps)
    assert begins in clerk.text
    at_once = said("Immediately: “%(step)s”, because work on a part has begun.", step="Commencer")
    assert at_once not in clerk.text
    await make_move(desk.host, one.reference, "start", {}, actor=ANA, mover="agent")
    await clerk.get(address(one, f"liens?genre=child_of&avec={whole.reference}"))
    assert at_once in clerk.text
    for part in (one, other):
        await tied(clerk, part, whole)
    assert (await desk.record(whole.reference)).phase is Phase.IN_PROGRESS

    # Neither page lets go of the last part that is waited for without saying what that means.
    await make_move(desk.host, one.reference, "resolve", {}, actor=ANA, mover="agent")
    without = said(
        "Without this link, %(other)s moves to the step “%(step)s” immediately: all its other parts are closed.",
        other=whole.reference,
        step="Régler",
    )
    await clerk.get(address(one))
    assert without not in clerk.text
    for page in (whole, other):
        await clerk.get(address(page))
        assert clerk.text.count(without) == 1
    await clerk.post(address(other, "liens", "fin"), version=shown(clerk), genre="child_of", avec=whole.reference)
    assert (await desk.record(whole.reference)).state == "done"


async def test_the_person_of_a_whole_reads_nothing_of_what_the_town_tied_to_it(waits):
    desk = waits
    whole = await desk.request("hole", "roads")
    hers = {"answers": {"danger": True, "words": "Chez la voisine"}, "place": HERE | {"address": "77, rue Gilford"}}
    other = await desk.request("hole", "roads", **hers)
    clerk = await desk.signed_in()
    await tied(clerk, other, whole)
    await make_move(desk.host, other.reference, "start", {}, actor=ANA, mover="agent")
    zoe = desk.browser()
    page = await zoe.get(f"/fr/suivi/{whole.reference}?cle={key_for(desk.host.secret, whole.id)}")
    assert page.status_code == 200
    assert "Parce que le travail est commencé pour une des parties." in zoe.text
    assert 'aria-labelledby="divided"' not in page.text
    assert not [words for words in (other.reference, "Chez la voisine", "Gilford") if words in page.text]


async def test_however_many_parts_the_page_asks_no_more_of_the_database(waits):
    desk = waits
    whole = await desk.request("hole", "roads")
    clerk = await desk.signed_in()

    async def tie():
        await tied(clerk, await desk.request("hole", "roads"), whole)

    await tie()
    await clerk.get(address(whole))
    with counted() as few:
        await clerk.get(address(whole))
    for _ in range(4):
        await tie()
    with counted() as many:
        await clerk.get(address(whole))
    assert few.count == many.count


async def test_what_cannot_be_tied_is_refused_at_its_question_and_stays_typed(desk):
    one, hidden = await desk.request("hole", "roads"), await desk.request("hole", "noise")
    clerk = await desk.signed_in(unit="roads")
    for number in (hidden.reference, "0000-0000-0", "n’importe quoi", ""):
        page = await clerk.get(address(one, f"liens?genre=duplicate_of&avec={number}"))
        assert page.status_code == 422
        assert 'href="#avec"' in page.text
        assert "Aucune requête de ce numéro" in clerk.text
    page = await clerk.get(address(one, f"liens?genre=about&avec={one.reference}"))
    assert "C’est la requête elle-même" in clerk.text


async def test_her_own_link_opens_her_own_page_which_says_where_it_goes_on(desk):
    one = await desk.request("hole", "roads", answers={"danger": False, "words": "Devant l’école"})
    other = await desk.request("hole", "roads", answers={"danger": True, "words": "Un cratère"})
    clerk = await desk.signed_in()
    await clerk.get(address(one))
    await clerk.post(address(one, "liens"), version=str(one.version), genre="duplicate_of", avec=other.reference)
    zoe = desk.browser()
    key = key_for(desk.host.secret, one.id)
    page = await zoe.get(f"/fr/suivi/{one.reference}?cle={key}")
    assert page.status_code == 200
    assert "Jointe à une autre requête" in zoe.text
    assert "Devant l’école" in zoe.text
    assert "Un cratère" not in zoe.text
    assert f"/fr/requete/{other.reference}" in page.text
    assert 'class="phases"' not in page.text  # its own steps are not the ones that count
    assert page.text.count("au plus tard") == 1
    public = await zoe.get(f"/fr/requete/{one.reference}")
    assert public.url.path == f"/fr/requete/{other.reference}"
    assert (await zoe.get(f"/fr/suivi/{other.reference}")).url.path != f"/fr/suivi/{other.reference}"


async def test_nobody_learns_that_a_confidential_one_was_there(desk):
    one, other = await desk.request("quarrel", "noise"), await desk.request("hole", "noise")
    clerk = await desk.signed_in()
    await clerk.get(address(one))
    await clerk.post(address(one, "liens"), version=str(one.version), genre="duplicate_of", avec=other.reference)
    assert (await desk.record(one.reference)).merged_into == other.id
    assert (await desk.browser().get(f"/fr/requete/{one.reference}")).status_code == 404


async def test_however_many_are_joined_the_page_asks_no_more_of_the_database(desk):
    other = await desk.request("hole", "roads")
    clerk = await desk.signed_in()

    async def join():
        one = await desk.request("hole", "roads")
        await clerk.get(address(one))
        await clerk.post(address(one, "liens"), version=str(one.version), genre="duplicate_of", avec=other.reference)

    await join()
    await clerk.get(address(other))
    with counted() as few:
        await clerk.get(address(other))
    for _ in range(5):
        await join()
    with counted() as many:
        await clerk.get(address(other))
    assert few.count == many.count


async def test_a_part_of_a_request_becomes_another_one(desk):
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(drawn, "JPEG")
    file = await receive_file(desk.host, "h", "photos", "trou.jpg", drawn.getvalue())
    answers = {"danger": False, "words": "Un trou, et un chien", "photos": [file.id]}
    raw = {"language": "fr", "answers": answers, "place": HERE, "requester": ZOE}
    one = await desk.record((await desk.counter.submit("parvis", "hole", raw, channel="portal", holder="h")).reference)
    clerk = await desk.signed_in()
    page = await clerk.get(address(one, "partage"))
    assert f'name="files" value="{file.id}"' in page.text
    assert "Un trou, et un chien</textarea>" in page.text
    mark = page.text.split('name="mark" value="')[1].split('"')[0]
    sent = {"version": str(one.version), "mark": mark, "type": "hole"}
    page = await clerk.post(address(one, "partage"), words=" ", **sent)
    assert (page.status_code, 'href="#words"' in page.text) == (422, True)
    await clerk.post(address(one, "partage"), words="Un chien", files__0=file.id, **sent)
    done = said("The new request was created, and the requester is notified. It is listed under “Linked requests”.")
    assert done in clerk.text
    new = next(tie.record for tie in await ties_of(one))
    assert [kept.attachment.name for kept in await kept_of(new)] == ["trou.jpg"]
    await clerk.get(address(one, "partage"))
    page = await clerk.post(address(one, "partage"), words="Un chat", **sent)
    assert page.status_code == 409
    assert "Un chat</textarea>" in page.text
