"""Opening a request leaves a line that costs its page nothing; who answers for the request reads who looked at it."""

import io
from datetime import timedelta

from PIL import Image

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.tables import Attachment
from parvis.requests.access_log import AccessLog, lines_of, looks_at
from parvis.requests.amendments import reveal
from parvis.requests.attached.receiving import receive_file
from parvis.requests.work.conversation import receive
from parvis_testing.desk import ANA, said


def photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "blue").save(content, "JPEG")
    return content.getvalue()


async def looks(desk, record):
    await desk.host.of(AccessLog).write(desk.host.engine)
    return [(line.name, line.what) for line in (await looks_at(record.id))[0]]


async def taken_away(desk):
    """The lists that were taken away within the last two hours: by whom, which, how many rows."""
    await desk.host.of(AccessLog).write(desk.host.engine)
    now = clock.now()
    lines = await lines_of(["parvis"], now - timedelta(hours=2), now)
    return sorted((line.name, line.about, line.times) for line in lines if line.what == "export")


async def test_opening_a_request_is_written_down_and_costs_its_page_no_statement(desk):
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    with counted() as first:
        assert (await luc.get(f"/bureau/requete/{record.reference}")).status_code == 200
    assert not [each for each in first.statements if "looked" in each]
    assert await looks(desk, record) == [("Luc Roy", "page")]


async def test_finding_a_request_in_a_list_is_no_look_and_being_refused_is_none_either(desk):
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    assert record.reference in (await luc.get("/bureau?ouvertes=toutes")).text
    other = await desk.signed_in("agent", "lighting", name="Max Fortin")
    assert (await other.get(f"/bureau/requete/{record.reference}")).status_code == 404
    assert (await luc.get(f"/bureau/requete/{record.reference}/consultations")).status_code == 403
    assert await looks(desk, record) == []


async def test_the_whole_file_and_what_is_taken_of_it_are_told_apart(desk):
    record = await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    await luc.get(f"/bureau/requete/{record.reference}/dossier")
    await luc.post(f"/bureau/requete/{record.reference}/dossier/archive")
    assert sorted(await looks(desk, record)) == [("Luc Roy", each) for each in ("archive", "page", "print")]


async def test_a_file_that_is_opened_is_a_look_and_its_small_copy_on_a_page_is_none(desk):
    record = await desk.request("hole", "roads")
    file = await receive_file(desk.host, "mine", "files", "trou.jpg", photo())
    await receive(desk.host, record.reference, "Voici.", files=[file.id], holder="mine")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    assert (await luc.get(f"/bureau/fichiers/{file.id}?petite")).status_code == 200
    assert await looks(desk, record) == []
    assert (await luc.get(f"/bureau/fichiers/{file.id}")).status_code == 200
    assert await looks(desk, record) == [("Luc Roy", "file")]


async def test_asking_for_a_small_copy_of_what_has_none_is_a_look_at_all_of_it(desk):
    record = await desk.request("hole", "roads")
    file = await receive_file(desk.host, "mine", "files", "trou.jpg", photo())
    async with transaction(desk.host.engine):
        await Attachment.update({Attachment.small: ""}, force=True)
    await receive(desk.host, record.reference, "Voici.", files=[file.id], holder="mine")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    assert (await luc.get(f"/bureau/fichiers/{file.id}?petite")).headers["content-type"] == "image/jpeg"
    assert await looks(desk, record) == [("Luc Roy", "file")]


async def test_a_list_taken_away_is_a_line_with_its_rows(desk):
    for _ in range(3):
        await desk.request("hole", "roads")
    luc = await desk.signed_in("agent", "roads", name="Luc Roy")
    await luc.get("/bureau/liste.csv?ouvertes=toutes")
    await luc.get("/bureau/liste.xlsx?ouvertes=toutes")
    taken = await taken_away(desk)
    assert [(name, rows, about.rpartition(".")[2]) for name, about, rows in taken] == [
        ("Luc Roy", 3, "csv"),
        ("Luc Roy", 3, "xlsx"),
    ]


async def test_who_answers_for_it_reads_who_looked_with_identities_revealed_and_why(desk):
    record = await desk.request("quarrel", "noise")
    luc = await desk.signed_in("agent", "noise", name="Luc Roy")
    await luc.get(f"/bureau/requete/{record.reference}")
    await reveal(desk.host, record.reference, "Menaces au téléphone", actor=ANA)
    await desk.host.of(AccessLog).write(desk.host.engine)
    manager = await desk.signed_in("manager", "noise", name="Hélène Roy")
    page = await manager.get(f"/bureau/requete/{record.reference}")
    assert f"/bureau/requete/{record.reference}/consultations" in page.text
    await manager.get(f"/bureau/requete/{record.reference}/consultations")
    for words in ("Luc Roy", said("its page"), said("the confidential identity"), "Menaces au téléphone"):
        assert words in manager.text
    wrong = await manager.get(f"/bureau/requete/{record.reference}/consultations?apres=rien")
    assert wrong.status_code == 400


async def test_revealing_an_identity_at_the_desk_is_a_look_once_on_the_page(desk):
    record = await desk.request("quarrel", "noise")
    manager = await desk.signed_in("manager", "noise", name="Hélène Roy")
    await manager.get(f"/bureau/requete/{record.reference}")
    answer = await manager.post(f"/bureau/requete/{record.reference}/identite", reason="Menaces au téléphone")
    assert "Zoé Côté" in answer.text
    assert [what for _, what in await looks(desk, record)].count("reveal") == 1


async def test_who_has_not_looked_yet_is_said(desk):
    record = await desk.request("hole", "roads")
    manager = await desk.signed_in("manager", "roads")
    await manager.get(f"/bureau/requete/{record.reference}/consultations")
    assert said("Nobody has opened it since the log began.") in manager.text


async def test_the_pages_of_what_was_looked_at_cost_no_more_when_lines_grow(desk):
    record = await desk.request("hole", "roads")
    manager = await desk.signed_in("manager", "roads")
    address = f"/bureau/requete/{record.reference}/consultations"
    await manager.get(address)
    await looks(desk, record)
    with counted() as few:
        await manager.get(address)
    for number in range(60):
        desk.host.of(AccessLog).at(manager_named(desk, number), record, "page")
    await looks(desk, record)
    with counted() as many:
        await manager.get(address)
    assert few.count == many.count
    assert "apres=" in manager.page.text


def manager_named(desk, number):
    return type("Somebody", (), {"kind": "agent", "id": f"agent-{number}", "name": f"Agent {number}", "reaches": ()})()
