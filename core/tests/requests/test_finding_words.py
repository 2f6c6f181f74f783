"""Whatever was typed, the same requests are found on both engines, and nothing that the viewer may not read."""

import pytest
from msgspec import structs

from parvis.access_scope import Reach
from parvis.db import transaction
from parvis.db.tables import Contact, SearchableWords, ServiceRequest
from parvis.requests import intake
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.contacts import replace_contact
from parvis.requests.keeping.retention import erase
from parvis.requests.lists import search
from parvis.requests.lists.search import Filters, queue
from parvis.requests.lists.text_queries import sought_in, with_slips
from parvis.requests.records import find
from parvis.requests.visibility import PUBLIC, Viewer
from parvis.requests.work.conversation import note, receive, reply
from parvis_sdk.requests import Requester

from .finding_words import ALL, ASKED, OF_SEVERAL, submission

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


async def looked_for(town, text, viewer=None):
    page = await queue(town.host, viewer or town.agent("see"), "parvis", Filters(text=text), sort="oldest")
    return [row.reference for row in page.rows]


@pytest.mark.parametrize("few", [search.FEW, 0])
async def test_each_question_finds_the_request_that_is_meant(town, monkeypatch, few):
    monkeypatch.setattr(search, "FEW", few)
    chosen = iter(f"QQQQ-QQQ{letter}-Q" for letter in "KMNPRSVWX")  # one made by chance may hold what is asked
    monkeypatch.setattr(intake, "new_reference", lambda: next(chosen))
    names = {(await town.submit(**submission(name))).reference: name for name in ALL}
    wrong = {}
    for text, meant in ASKED.items():
        found = [names[reference] for reference in await looked_for(town, text)]
        if found != ([meant] if meant else []):
            wrong[text] = found
    for text, several in OF_SEVERAL.items():
        found = tuple(names[reference] for reference in await looked_for(town, text))
        if found != several:
            wrong[text] = found
    assert wrong == {}


@pytest.mark.parametrize("one", ["7K3M-9QXT-4", "WQT1-1MDB-3", "10Q0-WEST-8", "TREE-STEM-9"])
async def test_any_half_of_a_reference_finds_it_with_its_street_and_as_it_was_heard(town, monkeypatch, one):
    monkeypatch.setattr(intake, "new_reference", lambda: one)
    reference = (await town.submit()).reference
    plain = reference.replace("-", "")
    for typed in (reference[:6], plain[:5], plain[-5:], f"rachel {plain[:4]}", f"{reference[:7].lower()} rachel"):
        assert reference in await looked_for(town, typed), typed
    heard = plain.replace("0", "O").replace("1", "l")
    assert reference in await looked_for(town, heard[:6])
    assert reference in await looked_for(town, heard[:4].lower())


async def test_what_comes_close_is_shown_as_such_and_only_where_nothing_is_exact(town):
    close, exact = (
        (await town.submit(**submission("snow"))).reference,
        (await town.submit(**submission("trees"))).reference,
    )
    page = await queue(town.host, town.agent("see"), "parvis", Filters(text="trotoir"))
    assert ([row.reference for row in page.rows], page.near, page.total) == ([close], True, 1)
    page = await queue(town.host, town.agent("see"), "parvis", Filters(text="sidewalk"))
    assert ([row.reference for row in page.rows], page.near) == ([exact], False)


@pytest.mark.parametrize("word", ["arbuste", "aqueduc", "tremblay", "anneau", "introuvable", "stationnements", "a" * 9])
def test_what_fits_a_slip_of_a_word_holds_a_trace_by_which_an_index_finds_it(word):
    [asked] = sought_in(word)
    close = with_slips(asked)
    pieces = [piece for trace in close.traces for piece in trace]
    assert min(map(len, pieces)) >= 3, "or no index knows it"
    for shape in (word, *close.shapes):
        for letter in ("e", "z", "-", " "):
            text = f"une {shape.replace('_', letter)} ici"
            assert any(all(piece in text for piece in trace) for trace in close.traces), text


async def test_notes_and_messages_are_found_by_the_towns_people_and_by_nobody_else(town):
    reference = (await town.submit()).reference
    await note(town.host, reference, "Rappeler le contremaître", actor=ANA)
    await reply(town.host, reference, "Une équipe viendra avec de l’asphalte", actor=ANA)
    await receive(town.host, reference, "J’ai vu un hérisson")
    for text in ("contremaitre", "asphalte", "hérissons", "rachel asphalte herisson"):
        assert await looked_for(town, text) == [reference], text
        assert await looked_for(town, text, town.agent("see", unit="citizens")) == [reference], text
        assert await looked_for(town, text, town.agent("see", unit="parks")) == [], text
        assert await looked_for(town, text, PUBLIC) == [], text


async def test_a_personal_answer_is_found_by_who_may_read_persons_and_a_sensitive_one_by_nobody(town_of, hole):
    town = town_of(hole)
    answers = {"danger": True, "witness": "Léopold Desrosiers", "health": "cheville foulée"}
    reference = (await town.submit(answers=answers)).reference
    machine = Viewer(kind="token", reaches=(Reach(permissions=frozenset({"see"}), jurisdiction="parvis"),))
    known = Viewer(kind="token", reaches=(Reach(permissions=frozenset({"see", "contacts"}), jurisdiction="parvis"),))
    assert await looked_for(town, "desrosiers") == [reference]
    assert await looked_for(town, "desrosiers", known) == [reference]
    assert await looked_for(town, "desrosier", machine) == await looked_for(town, "desrosiers", PUBLIC) == []
    for viewer in (town.agent("see"), town.agent("see", "reveal"), machine, PUBLIC):
        assert await looked_for(town, "cheville", viewer) == []


async def test_a_slip_never_tells_of_a_confidential_person_nor_of_another_unit(town):
    await town.submit("quarrel", requester={"mode": "confidential", "name": "Réjean Lefebvre", "email": "r@exemple.ca"})
    await town.submit(**submission("signs"))
    assert await looked_for(town, "lefevre") == await looked_for(town, "lefebvre") == []
    assert await looked_for(town, "tremblai", town.agent("see", unit="parks")) == []
    assert await looked_for(town, "tremblai", PUBLIC) == []


async def test_what_is_changed_is_found_anew_and_what_is_erased_is_not_found_again(town):
    reference = (await town.submit(**submission("water"))).reference
    await amend(town.host, reference, answers={"danger": False, "words": "Une grenouille"}, actor=ANA)
    await note(town.host, reference, "Demander au plombier", actor=ANA)
    assert await looked_for(town, "camion") == []
    assert await looked_for(town, "grenouille plombier gagnon") == [reference]
    await erase(town.host, reference, actor=ANA)
    for text in ("grenouille", "plombier", "gagnon", "sgagnon@exemple.ca", "438 555-0188"):
        assert await looked_for(town, text) == [], text
    assert await looked_for(town, f"trou {reference}") == [reference]
    assert await SearchableWords.count() == 0


async def made(town, **given):
    return await find(town.host, (await town.submit(**given)).reference)


async def texts_of(town, reference):
    """What is kept to find one request by, all of it together."""
    rows = await ServiceRequest.raw(
        "SELECT t.inside, t.said, t.persons FROM request_text t JOIN service_request q ON q.id = t.request "
        "WHERE q.reference = {}",
        reference,
    )
    return " ".join(rows[0].values())


async def written(town, table, columns, request):
    async with transaction(town.host.engine):
        column = table.id if table is ServiceRequest else table.request
        await (table.update(columns) if columns else table.delete(force=True)).where(column == request)


async def test_words_are_gone_from_the_index_with_whatever_they_stood_in(town_of, hole, on_postgres):
    town = town_of(hole)
    answers = {"danger": False, "words": "Une grenouille", "witness": "Léopold Desrosiers"}
    record = await made(town, answers=answers)
    await note(town.host, record.reference, "Demander au plombier", actor=ANA)
    await receive(town.host, record.reference, "J’ai vu un hérisson")
    kept = await texts_of(town, record.reference)
    assert all(word in kept for word in ("grenouille", "desrosiers", "zoe cote", "plombier", "herisson"))
    for table, columns, gone in (
        (ServiceRequest, {"identity": "confidential"}, "zoe cote"),
        (ServiceRequest, {"personal_text": ""}, "desrosiers"),
        (ServiceRequest, {"search_text": "trou"}, "grenouille"),
        (SearchableWords, {"text": "herisson"}, "plombier"),
        (SearchableWords, {}, "herisson"),
    ):
        await written(town, table, columns, record.id)
        kept = await texts_of(town, record.reference)
        assert gone not in kept
        assert await looked_for(town, gone) == []
    await written(town, ServiceRequest, {"identity": "named"}, record.id)
    assert await looked_for(town, "zoe cote") == [record.reference]
    await written(town, Contact, {"search_text": "omar"}, record.id)
    assert (await looked_for(town, "zoe"), await looked_for(town, "omar")) == ([], [record.reference])
    await written(town, Contact, {}, record.id)
    assert (await texts_of(town, record.reference)).strip() == "trou"
    await written(town, ServiceRequest, {}, record.id)
    assert await ServiceRequest.raw("SELECT request FROM request_text") == []
    if not on_postgres:
        async with transaction(town.host.engine):
            await ServiceRequest.raw("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")


async def test_one_transaction_about_many_requests_leaves_the_text_of_each_as_it_ended(town):
    requests = [(await made(town)).id for _ in range(12)]
    async with transaction(town.host.engine):
        for at, words in enumerate(("omar", "aline", "colette")):
            for request in requests:
                await Contact.update({"search_text": words}).where(Contact.request == request)
                await ServiceRequest.update({"search_text": f"pas {at}"}).where(ServiceRequest.id == request)
    kept = await ServiceRequest.raw("SELECT inside, persons FROM request_text")
    assert [(each["inside"], each["persons"].strip()) for each in kept] == [("pas 2", "colette")] * 12


async def test_a_person_who_becomes_another_holder_is_found_and_the_former_one_is_not(town):
    record = await made(town, **submission("lamp"))
    async with transaction(town.host.engine):
        person = Requester(mode="named", name="Omar Diallo", email="omar@exemple.ca")
        await replace_contact(record.id, person)
    assert await looked_for(town, "lecuyer") == await looked_for(town, "438 555-0144") == []
    assert await looked_for(town, "diallo lampadaire") == [record.reference]


def only_of_parks(town):
    """Somebody who sees everything, and is told of persons in parks only."""
    everywhere = Reach(permissions=frozenset({"see"}), jurisdiction="parvis")
    parks = Reach(permissions=frozenset({"see", "contacts"}), jurisdiction="parvis", unit="parks")
    return structs.replace(town.agent("see"), reaches=(everywhere, parks))


@pytest.mark.parametrize("few", [search.FEW, 0])
async def test_persons_are_found_only_where_one_is_told_of_them(town, monkeypatch, few):
    monkeypatch.setattr(search, "FEW", few)
    record = await made(town)
    await note(town.host, record.reference, "Demander au plombier", actor=ANA)
    for text in ("zoe", "plombier", "trou zoe", "514 555-0101"):
        assert await looked_for(town, text, only_of_parks(town)) == [], text
    assert await looked_for(town, "trou rachel", only_of_parks(town)) == [record.reference]
    async with transaction(town.host.engine):
        await ServiceRequest.update({"unit": "parks"}).where(ServiceRequest.id == record.id)
    for text in ("zoe", "plombier", "trou zoe", "514 555-0101"):
        assert await looked_for(town, text, only_of_parks(town)) == [record.reference], text


async def test_a_machine_that_is_not_told_who_asked_finds_no_words_of_people(town):
    record = await made(town)
    await note(town.host, record.reference, "Demander au plombier", actor=ANA)
    machine = Viewer(kind="token", reaches=(Reach(permissions=frozenset({"see"}), jurisdiction="parvis"),))
    no_contacts = Viewer(kind="agent", reaches=machine.reaches)
    for viewer in (machine, no_contacts):
        assert await looked_for(town, "trou", viewer) == [record.reference]
        assert await looked_for(town, "plombier", viewer) == await looked_for(town, "plombier trou", viewer) == []
        assert await looked_for(town, "zoe", viewer) == await looked_for(town, "trou cote", viewer) == []


async def test_the_index_follows_in_the_same_transaction(town, on_postgres):
    reference = (await town.submit()).reference
    try:
        async with transaction(town.host.engine):
            await ServiceRequest.update({"search_text": "licorne"}).where(ServiceRequest.reference == reference)
            raise LookupError
    except LookupError:
        pass
    assert await looked_for(town, "licorne") == []
    assert await looked_for(town, "rachel") == [reference]
    async with transaction(town.host.engine):
        await ServiceRequest.update({"search_text": "licorne"}).where(ServiceRequest.reference == reference)
    assert (await looked_for(town, "licorne"), await looked_for(town, "rachel")) == ([reference], [])
    if not on_postgres:
        async with transaction(town.host.engine):
            await ServiceRequest.raw("INSERT INTO search_index (search_index, rank) VALUES ('integrity-check', 1)")
