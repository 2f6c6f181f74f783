"""Where nobody of the town calls or writes, what no machine could tell stays in sight until somebody has told it."""

import re

import pytest

from parvis.db import counted, transaction
from parvis.db.tables import OwedContact
from parvis.identifiers import new_id
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.work.untold import owe
from parvis_sdk.subscriptions import ByHand
from parvis_testing.desk import ANA, address, counted_as, said
from parvis_testing.owed import HAROLD, SAID, owed

UNTOLD = "/bureau/non-remis"


def pressed(clerk, result="told"):
    """What is sent by pressing a button of the box beside a request."""
    return {"messages": re.search(r'name="messages" value="([^"]+)"', clerk.page.text)[1], "result": result}


async def test_emergencies_stand_first_with_their_words_and_each_leads_to_its_request(desk):
    usual, urgent = await owed(desk), await owed(desk, urgency="emergency", language="en")
    clerk = await desk.signed_in("clerk")
    page = await clerk.get(UNTOLD)
    assert page.text.index(f'/bureau/requete/{urgent.reference}"') < page.text.index(f'/requete/{usual.reference}"')
    assert clerk.text.count(said("Emergency")) == 1
    assert '<div class="call-words" lang="en">' in page.text
    assert "The crew comes on &lt;Thursday&gt;." in page.text
    assert counted_as("%(num)s message to pass on", "%(num)s messages to pass on", 2) in clerk.text
    assert "Harold" not in clerk.text  # the request says who it is, to those who may know


async def test_the_menu_counts_the_requests_of_which_something_is_untold(desk):
    record = await owed(desk)
    async with transaction(desk.host.engine):
        await owe(desk.host, record, new_id(), ByHand(way="phone", about=SAID, say=SAID))
    clerk = await desk.signed_in("clerk")
    page = await clerk.get("/bureau")
    line = re.search(rf'(?s)<a[^>]*href="{UNTOLD}".*?</a>', page.text)[0]
    assert re.search(r'menu__waiting">.*?</span>([^<]*)<', line)[1] == "1"


async def test_somebody_writes_beside_the_request_that_the_person_was_told(desk):
    record = await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get(address(record))
    assert said("Not notified yet") in clerk.text
    await clerk.post(address(record, "non-remis"), **pressed(clerk), words="Au comptoir")
    assert said("It is recorded.") in clerk.text
    assert said("Not notified yet") not in clerk.text
    last = (await entries_of(await desk.record(record.reference)))[-1]
    assert (last.kind, last.audience, last.body["result"]) == ("called", "internal", "told")
    assert last.personal["note"]["fr"] == "«\u00a0Travaux prévus\u00a0»\nAu comptoir"
    assert await broken_at(await desk.record(record.reference)) is None
    await clerk.get(UNTOLD)
    assert said("Everyone has been notified.") in clerk.text


async def test_a_second_press_says_that_it_is_written_down_already(desk):
    record = await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get(address(record))
    form = pressed(clerk, "unreached")
    await clerk.post(address(record, "non-remis"), **form)
    for wrong in (form, {"messages": "x y", "result": "told"}, {"messages": form["messages"], "result": "again"}, {}):
        page = await clerk.post(address(record, "non-remis"), **wrong)
        assert page.status_code == 200
        assert said("Somebody has already recorded this.") in clerk.text
    assert [each.kind for each in await entries_of(record)].count("unreached") == 1


async def test_what_is_owed_of_one_request_is_not_ended_from_another(desk):
    record, other = await owed(desk), await desk.request()
    clerk = await desk.signed_in()
    await clerk.get(address(record))
    await clerk.post(address(other, "non-remis"), **pressed(clerk))
    assert [row["state"] for row in await OwedContact.select()] == ["owed"]


async def test_only_who_answers_for_the_request_reads_and_ends_it(desk):
    record = await owed(desk)
    observer = await desk.signed_in("observer")
    await observer.get(address(record))
    assert said("Not notified yet") not in observer.text
    assert (await observer.post(address(record, "non-remis"), result="told")).status_code == 403
    elsewhere = await desk.signed_in("agent", "lighting")
    await elsewhere.get(UNTOLD)
    assert record.reference not in elsewhere.text


async def test_a_confidential_person_is_not_named(desk):
    record = await owed(desk, type="quarrel", person=HAROLD | {"mode": "confidential"})
    manager = await desk.signed_in("manager")
    for path in (UNTOLD, address(record)):
        page = await manager.get(path)
        assert "L’équipe passe" in page.text
        assert not [secret for secret in ("Harold", "555-0163", "5550163") if secret in page.text]


async def test_nothing_is_untold_once_the_request_is_destroyed(desk):
    record = await owed(desk)
    await erase(desk.host, record.reference, actor=ANA)
    assert await OwedContact.count() == 0
    clerk = await desk.signed_in()
    await clerk.get(UNTOLD)
    assert said("Everyone has been notified.") in clerk.text


async def test_the_list_costs_as_many_statements_however_long_it_is(desk):
    await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get(UNTOLD)
    with counted() as one:
        await clerk.get(UNTOLD)
    for _ in range(4):
        await owed(desk)
    with counted() as five:
        await clerk.get(UNTOLD)
    assert one.count == five.count <= 6


async def test_what_is_untold_is_counted_by_an_index_of_what_is_still_owed(desk, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    clerk = await desk.signed_in()
    with counted() as queries:
        await clerk.get("/bureau/compte")
    (sql,) = [sql for sql in queries.statements if "owed_contact" in sql]
    plan = await desk.host.engine.send(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
    read = [row["detail"] for row in plan if " o " in row["detail"]]
    assert ["owed_contact_due" in step or "owed_contact_open" in step for step in read] == [True], read


async def test_the_menu_asks_nothing_for_who_takes_nothing_in(desk):
    await owed(desk)
    observer = await desk.signed_in("observer", "roads")
    await observer.get("/bureau")
    with counted() as queries:
        await observer.get("/bureau/compte")
    assert not [sql for sql in queries.statements if "owed_contact" in sql]
