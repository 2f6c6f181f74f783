"""Conditions of decisions and due dates at the desk: what was sent is looked at, decided, and found in one list."""

from datetime import UTC, datetime

from parvis import clock
from parvis.db import counted
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_grants import proving
from parvis_grants.deadlines import DeadlineFilters, deadlines_for
from parvis_grants.obligations import obligations_of
from parvis_grants.waking import wake_obligations

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
GRANTED = datetime(2026, 4, 1, 15, tzinfo=UTC)


async def sent(desk, reference, id):
    raw = {"species": "Érable rouge", "planted_on": "2026-05-20"}
    with clock.moved_to(datetime(2026, 5, 21, 15, tzinfo=UTC)):
        return await proving.send_proof(desk.host, reference, id, raw, actor=REQUESTER)


async def test_an_agent_reads_the_proof_and_accepts_it(desk, granted):
    reference, id = await granted()
    await sent(desk, reference, id)
    clerk = await desk.signed_in()
    with clock.moved_to(datetime(2026, 5, 22, 15, tzinfo=UTC)):
        await clerk.get(f"/bureau/requete/{reference}")
        assert "Examiner la preuve" in clerk.text
        await clerk.get(f"/bureau/requete/{reference}/conditions/{id}")
        assert "Planter un érable." in clerk.text
        assert "Érable rouge" in clerk.text
        await clerk.post(f"/bureau/requete/{reference}/conditions/{id}", deed="accept")
        assert "La décision sur la condition est consignée." in clerk.text
    assert (await desk.record(reference)).state == "closed"


async def test_sending_back_and_waiving_need_words_and_a_delay_needs_a_day(desk, granted):
    reference, id = await granted()
    await sent(desk, reference, id)
    clerk = await desk.signed_in()
    here = f"/bureau/requete/{reference}/conditions/{id}"
    with clock.moved_to(datetime(2026, 5, 22, 15, tzinfo=UTC)):
        await clerk.get(here)
        for deed in ("send_back", "waive", "postpone"):
            answer = await clerk.post(here, deed=deed)
            assert answer.status_code == 422, deed
        await clerk.post(here, deed="send_back", reason="Une photo, s’il vous plaît.")
        (owed,) = await obligations_of((await desk.record(reference)).id)
        assert owed.state == "open"
        await clerk.get(here)
        given = {"day.day": "15", "day.month": "9", "day.year": "2026"}
        await clerk.post(here, deed="postpone", **given)
        (owed,) = await obligations_of((await desk.record(reference)).id)
        assert owed.due_at == datetime(2026, 9, 16, 4, tzinfo=UTC)


async def test_a_proof_brought_to_the_counter_is_written_down_for_its_sender(desk, granted):
    reference, id = await granted()
    clerk = await desk.signed_in()
    here = f"/bureau/requete/{reference}/conditions/{id}"
    with clock.moved_to(datetime(2026, 5, 22, 15, tzinfo=UTC)):
        await clerk.get(here)
        given = {"proof.planted_on.day": "20", "proof.planted_on.month": "5", "proof.planted_on.year": "2026"}
        assert (await clerk.post(f"{here}/preuve", **given)).status_code == 422
        await clerk.post(f"{here}/preuve", **given, **{"proof.species": "Chêne"})
        assert "Chêne" in clerk.text
    (owed,) = await obligations_of((await desk.record(reference)).id)
    assert owed.state == "proved"


async def test_two_agents_who_decide_at_once_have_one_outcome(desk, granted):
    reference, id = await granted()
    await sent(desk, reference, id)
    one, other = await desk.signed_in(), await desk.signed_in(name="Bo Roy")
    here = f"/bureau/requete/{reference}/conditions/{id}"
    with clock.moved_to(datetime(2026, 5, 22, 15, tzinfo=UTC)):
        await one.get(here)
        await other.get(here)
        version = str((await desk.record(reference)).version)
        await one.post(here, deed="accept", version=version)
        answer = await other.post(here, deed="send_back", reason="Non", version=version)
    assert answer.status_code == 409
    assert "quelqu’un s’en est occupé entre-temps" in other.text
    (owed,) = await obligations_of((await desk.record(reference)).id)
    assert owed.state == "met"


async def test_who_may_not_work_on_a_request_decides_nothing(desk, granted):
    reference, id = await granted()
    elsewhere = await desk.signed_in(unit="permits", name="Ailleurs")
    assert (await elsewhere.get(f"/bureau/requete/{reference}/conditions/{id}")).status_code in (403, 404)


async def test_the_list_shows_what_ends_what_is_owed_and_what_waits_in_a_fixed_number_of_statements(desk, granted):
    clerk = await desk.signed_in()
    (first, id), (second, _) = await granted(), await granted()
    await sent(desk, first, id)
    moment = datetime(2026, 6, 15, 15, tzinfo=UTC)  # overdue since 11 June
    with clock.moved_to(moment):
        await wake_obligations(desk.host)
        await clerk.get("/bureau/echeances")
        assert clerk.text.count(first) >= 1
        assert "Preuve à vérifier" in clerk.text
        assert "En retard" in clerk.text
        await clerk.get("/bureau/echeances?quoi=preuves")
        assert first in clerk.text
        assert second not in clerk.text
        await clerk.get("/bureau/echeances?quoi=retard")
        assert second in clerk.text
        assert first not in clerk.text
        viewer, ahead = SYSTEM_VIEWER, DeadlineFilters()
        with counted() as few:
            found = await deadlines_for(desk.host, viewer, "parvis", ahead, limit=3)
        rest = await deadlines_for(desk.host, viewer, "parvis", ahead, limit=3, cursor=found.next_cursor)
        await granted()
        with counted() as many:
            more = await deadlines_for(desk.host, viewer, "parvis", ahead)
        assert len(few.statements) == len(many.statements) == 4
    ids = [row.id for row in (*found.rows, *rest.rows)]
    assert (len(set(ids)), found.total, more.total) == (4, 4, 6)
