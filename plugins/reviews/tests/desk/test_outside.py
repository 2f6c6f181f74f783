"""A body outside the town answers by a private link: what it sees, keeps and sends, and what robots cannot do."""

import dataclasses
import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db.tables import Delivery
from parvis.modules import NO_MODULES
from parvis.requests.attached.receiving import receive_file
from parvis.requests.lifecycle import withdraw
from parvis.switches import Switchboard
from parvis.worker.chores import chores_of, due_somewhere
from parvis_reviews.opinions import opinions_of
from parvis_reviews.opinions_due import remind_reviewers
from parvis_reviews.review_tasks import task_by_id
from parvis_reviews.tables import OutsideKey
from parvis_testing.modules import switch

LINK = re.compile(r"http://[^\s\"\\]+(/fr/avis/[^\s\"\\]+)")
OPINION = {"recommendation": "conditional", "conditions": "Un hydrant à 90 m"}


async def links(record) -> list[str]:
    """The private links in the letters on their way, in their order."""
    rows = await Delivery.select(Delivery.event).where(Delivery.request == record.id).order_by(Delivery.id)
    return [found[1] for row in rows if "message_due" in row["event"] and (found := LINK.search(row["event"]))]


@pytest.fixture
async def asked(desk, reviewing):
    """An opinion asked of a body outside: the request, its task, the address of its link, a browser of its own."""
    plan = await receive_file(desk.host, "h" * 64, "plan", "implantation.pdf", await _pdf())
    record, tasks = await reviewing("h" * 64, outside=True, plan=[plan.id], secret="SECRET-DU-VOISIN")
    (path,) = await links(record)
    return record, tasks["outside"], path, desk.browser()


async def _pdf() -> bytes:
    import io

    import pikepdf

    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written, static_id=True)
    return written.getvalue()


async def test_the_page_shows_what_the_task_needs_and_nothing_else(desk, asked):
    record, _, path, body = asked
    page = await body.get(path)
    assert page.status_code == 200
    for words in (
        "La Ville vous demande votre avis avant",
        "Pompiers unis",
        "Sécurité",
        record.reference,
        "1234, rue Rachel Est",
        "implantation.pdf",
    ):
        assert words in page.text, words
    for hidden in ("SECRET-DU-VOISIN", "Zoé", "zoe@exemple.ca", "5550101", "555-0101"):
        assert hidden not in page.text, hidden
    assert "noindex" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    (file,) = re.findall(r'href="(/fr/avis/[^"]+/fichiers/[^"]+)"', page.text)
    assert (await body.get(file)).status_code == 200
    english = await body.get(path.replace("/fr/avis/", "/en/opinion/"))
    assert "United" not in english.text  # the body's name is said in the language of its letters
    assert "Give your opinion" in english.text


async def test_robots_that_open_the_link_change_nothing(desk, asked):
    record, task, path, body = asked
    for _ in range(3):
        await body.http.get(path)
        await body.http.head(path)
    assert (await desk.record(record.reference)).version == record.version
    assert await task_by_id(task.id) == task
    answer = await desk.browser().http.post(path, data=OPINION)
    assert answer.status_code == 403
    assert await opinions_of(record.id) == ()


async def test_a_link_opens_nothing_of_a_request_that_ended_while_opinions_were_not_installed(desk, asked):
    record, _, path, body = asked
    without = dataclasses.replace(desk.host, modules=Switchboard(NO_MODULES))
    await withdraw(without, record.reference, {})
    page = await body.get(path)
    assert page.status_code == 404
    assert record.reference not in page.text


async def test_an_opinion_is_kept_for_later_then_given_once_however_often_it_is_sent(desk, asked):
    record, task, path, body = asked
    await body.get(path)
    page = await body.post(path, words="À moitié écrit", _later="1")
    assert "Votre texte est enregistré" in body.text
    assert "À moitié écrit" in (await desk.browser().get(path)).text
    assert (await task_by_id(task.id)).state == "asked"
    page = await body.post(path, words="À moitié écrit", seen="0")
    assert page.status_code == 422
    for _ in range(2):
        page = await body.post(path, **OPINION, seen="0")
        assert page.status_code == 200
        assert "votre avis est envoyé" in body.text
    (opinion,) = await opinions_of(record.id)
    assert (opinion.by.id, opinion.by.name) == ("outside", "Pompiers unis")
    assert "À moitié écrit" not in str((await OutsideKey.select())[0])
    await body.post(path, recommendation="favourable", seen="1")
    assert [each.recommendation for each in await opinions_of(record.id)] == ["conditional", "favourable"]


async def test_what_was_typed_behind_a_link_that_is_over_goes_although_opinions_are_off(desk, asked):
    _, _, path, body = asked
    await body.get(path)
    await body.post(path, words="À moitié écrit", _later="1")
    await switch(desk.host, "off", "reviews")
    (chore,) = (each for each in due_somewhere(desk.host, chores_of(desk.host)) if each.owner == "reviews")
    assert await chore.work() == 0
    with clock.moved_to(clock.now() + timedelta(days=400)):
        assert await chore.work() == 1
    assert await OutsideKey.select() == []
    await switch(desk.host, "on", "reviews")


async def test_files_come_with_the_opinion_and_reach_those_who_decide(desk, asked):
    record, task, path, body = asked
    await body.get(path)
    await body.post(path, **OPINION, seen="0", files=[("files", ("rapport.pdf", await _pdf(), "application/pdf"))])
    assert "votre avis est envoyé" in body.text
    decider = await desk.signed_in("agent", record.unit, name="Denis")
    await decider.get(f"/bureau/requete/{record.reference}")
    assert "rapport.pdf" in decider.text
    (file,) = set(re.findall(rf'href="(/bureau/taches/{task.id}/fichiers/[^"]+)"', decider.page.text))
    assert (await decider.get(file)).status_code == 200
    stranger = await desk.signed_in("agent", "animals")
    assert (await stranger.get(file)).status_code == 404
    assert (await decider.get(f"/bureau/fichiers/{file.rsplit('/', 1)[1]}")).status_code == 404


async def test_a_link_that_is_no_good_opens_nothing_and_says_the_same(desk, asked):
    record, task, path, body = asked
    head, _, mark = path.rpartition(".")
    other = f"{path.rpartition('/')[0]}/{'0' * 32}.{mark}"
    said = {(await body.get(each)).text for each in (f"{head}.{'A' * len(mark)}", other, "/fr/avis/n’importe")}
    assert all("Ce lien n’est plus valide" in each for each in said)
    with clock.moved_to(clock.now() + timedelta(days=200)):
        assert (await body.get(path)).status_code == 404
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/taches/{task.id}")
    await manager.post(f"/bureau/taches/{task.id}/lien", _renew="1")
    assert (await body.get(path)).status_code == 404
    renewed = (await links(record))[-1]
    assert renewed != path
    assert (await body.get(renewed)).status_code == 200
    await withdraw(desk.host, record.reference, {})
    assert (await body.get(renewed)).status_code == 404


async def test_an_opinion_on_its_way_when_the_link_is_withdrawn_is_not_taken(desk, asked):
    record, task, path, body = asked
    await body.get(path)
    manager = await desk.signed_in("manager")
    await manager.get(f"/bureau/taches/{task.id}")
    await manager.post(f"/bureau/taches/{task.id}/lien", _revoke="1")
    assert (await body.post(path, **OPINION, seen="0")).status_code == 404
    assert await opinions_of(record.id) == ()


async def test_reminders_carry_the_same_link_and_stop_once_it_is_given(desk, asked):
    record, task, path, body = asked
    reminded = (await task_by_id(task.id)).remind_at
    with clock.moved_to(reminded):
        assert await remind_reviewers(desk.host) > 0
        assert await remind_reviewers(desk.host) == 0
    assert (await links(record)) == [path, path]
    with clock.moved_to(task.due_at + timedelta(minutes=1)):
        await remind_reviewers(desk.host)
    assert (await links(record)) == [path, path, path]
    await body.get(path)
    await body.post(path, **OPINION, seen="0")
    with clock.moved_to(task.due_at + timedelta(days=30)):
        await remind_reviewers(desk.host)
    assert (await links(record)) == [path, path, path]
    decider = await desk.signed_in("agent", record.unit, name="Denis")
    await decider.get(f"/bureau/requete/{record.reference}")
    assert "Avis en retard, rappel envoyé" in decider.text
