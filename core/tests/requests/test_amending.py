"""What is corrected stays true in every part: state, unit, promise, retention, public page, history."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db.tables import Contact
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend, assign, change_contact, stop
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.contacts import contact_of, wants_messages
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC
from parvis_sdk.fields import Date, Money
from parvis_sdk.forms import Form, Section
from parvis_sdk.requests import Place, Requester
from parvis_sdk.text import Text
from parvis_testing.town import HOLE, Town, host_on

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


async def moved(town, reference, *steps):
    for step in steps:
        given = {"reason": "Où ?"} if step == "ask" else {}
        record = await make_move(town.host, reference, step, given, actor=ANA, mover="agent")
    return record


async def test_a_closed_request_of_another_type_is_open_again_and_not_soon_destroyed(town):
    reference = (await town.submit()).reference
    closed = await moved(town, reference, "resolve")
    assert closed.retention_due_at
    record = await amend(town.host, reference, type="quarrel", actor=ANA)
    assert (record.state, record.closed_at, record.retention_due_at) == ("received", None, None)


async def test_what_was_promised_stays_promised_under_another_type(town):
    with clock.moved_to(MONDAY):
        reference = (await town.submit(answers={"danger": True})).reference
        before = await town.record(reference)
        record = await amend(town.host, reference, type="quarrel", actor=ANA)
    assert (record.promised_at, record.promise) == (before.promised_at, "running")


async def test_a_promise_paused_by_the_old_type_runs_again_under_the_new_one(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        paused = await moved(town, reference, "start", "ask")
        assert (paused.promise, bool(paused.timer_due_at)) == ("paused", True)
        time.forward(days=7)
        record = await amend(town.host, reference, type="quarrel", actor=ANA)
    assert (record.promise, record.timer_due_at) == ("running", None)
    assert record.promised_at == paused.promised_at + timedelta(days=7)
    assert (await entries_of(record))[-1].body["promised_at"] == record.promised_at.isoformat()


async def test_where_nothing_was_promised_the_promise_of_the_new_type_begins(town):
    with clock.moved_to(MONDAY):
        reference = (await town.submit("quarrel")).reference
        assert (await town.record(reference)).promise == "none"
        record = await amend(town.host, reference, type="hole", answers={"danger": True}, actor=ANA)
    assert (record.promise, record.promised_at) == ("running", MONDAY + timedelta(hours=24))
    assert [(each.state, each.shown) for each in await clocks_of(record.id)] == [("running", True)]


async def test_a_confidential_request_stays_hidden_whatever_it_becomes(town):
    reference = (await town.submit("quarrel")).reference
    record = await amend(town.host, reference, type="hole", answers={"danger": True}, actor=ANA)
    assert not record.public


async def test_moves_made_under_the_old_type_are_still_told_in_its_words(town_of, hole, quarrel):
    other = (quarrel.workflow.states[0], structs.replace(quarrel.workflow.states[-1], code="over"))
    over = [
        structs.replace(each, target="over", sources=("received",))
        for each in quarrel.workflow.transitions
        if each.code == "withdraw"
    ]
    changed = structs.replace(
        quarrel, workflow=structs.replace(quarrel.workflow, states=other, transitions=tuple(over))
    )
    town = town_of(hole, changed)
    reference = (await town.submit()).reference
    await moved(town, reference, "start")
    record = await amend(town.host, reference, type="quarrel", actor=ANA)
    titles = [line.title for line in await story(town.host, record, HOLDER, "fr")]
    assert titles == ["Requête reçue", "Une équipe s’en occupe.", "Requête corrigée"]


async def test_what_happened_while_it_was_private_is_not_told_once_it_is_public(town):
    reference = (
        await town.submit("quarrel", requester={"mode": "named", "name": "Zoé", "phone": "450 555-0101"})
    ).reference
    await moved(town, reference, "start")
    await amend(town.host, reference, type="hole", answers={"danger": True}, actor=ANA)
    record = await moved(town, reference, "start", "resolve")
    assert record.public
    told = [line.number for line in await story(town.host, record, PUBLIC, "fr")]
    assert told == [1, 4, 5]
    assert [line.number for line in await story(town.host, record, HOLDER, "fr")] == [1, 2, 3, 4, 5]


async def test_answers_are_carried_over_as_the_new_form_reads_them(town_of, hole, quarrel):
    def with_cost(request_type, field):
        section = Section(code="cost", title=Text(fr="Coût", en="Cost"), fields=(field,))
        return structs.replace(request_type, form=Form(sections=(*request_type.form.sections, section)))

    label = Text(fr="Coût", en="Cost")
    dear = with_cost(hole, Money(code="cost", label=label, required=False))
    cheap = with_cost(quarrel, Money(code="cost", label=label, required=False, most=1000))
    town = town_of(dear, cheap)
    costs = {}
    for cost in ("12,34", "5"):
        reference = (await town.submit(answers={"danger": True, "cost": cost})).reference
        costs[cost] = (await amend(town.host, reference, type="quarrel", actor=ANA)).answers.get("cost")
    assert costs == {"12,34": None, "5": 500}


async def test_answers_that_the_corrector_may_not_see_stay_as_they_are(town):
    reference = (await town.submit(answers={"danger": True, "health": "cheville", "words": "Trou"})).reference
    given = {"danger": False, "health": "genou"}
    record = await amend(town.host, reference, answers=given, sees=lambda field: field.code != "health", actor=ANA)
    assert record.answers == {"danger": False, "health": "cheville"}


async def test_a_day_that_was_to_come_does_not_become_wrong_by_having_come(database, jurisdictions, tmp_path):
    (section,) = HOLE.form.sections
    day = Date(code="planned_on", label=Text(fr="Jour prévu", en="Planned day"), earliest=0)
    form = Form(sections=(structs.replace(section, fields=(*section.fields, day)),))
    host = host_on(database, jurisdictions, tmp_path, structs.replace(HOLE, form=form))
    town = Town(host=host, counter=RequestService(host))
    with clock.moved_to(MONDAY) as time:
        given = {"danger": False, "planned_on": "2026-09-20"}
        reference = (await town.submit(answers=given)).reference
        time.forward(days=30)
        record = await amend(town.host, reference, answers=given | {"danger": True}, actor=ANA)
        assert record.answers == given | {"danger": True}
        for other in ("2026-09-21", "2026-09-13"):  # another day is judged by today
            late = await amend(town.host, reference, answers=given | {"planned_on": other}, actor=ANA)
            assert [(each.path, each.code) for each in late.found] == [("answers.planned_on", "too_early")]
        both = given | {"danger": "maybe"}
        wrong = await amend(town.host, reference, answers=both, actor=ANA)
        assert "answers.danger" in [each.path for each in wrong.found]


async def test_the_same_type_named_again_is_no_other_type(town):
    reference = (await town.submit()).reference
    await moved(town, reference, "start")
    record = await amend(town.host, reference, type="hole", answers={"danger": True}, actor=ANA)
    assert (record.state, record.answers) == ("working", {"danger": True})
    assert (await entries_of(record))[-1].body["changed"] == ["answers"]


async def test_a_type_that_another_town_offers_is_not_to_be_had_here(town):
    reference = (await town.submit()).reference
    problems = await amend(town.host, reference, type="nothing", actor=ANA)
    assert [each.path for each in problems.found] == ["type"]


async def test_two_corrections_at_once_are_both_in_history_and_the_last_one_holds(town):
    reference = (await town.submit()).reference
    places = [Place(words=f"Coin {number}") for number in range(4)]
    await asyncio.gather(*(amend(town.host, reference, place=place, actor=ANA) for place in places))
    record = await town.record(reference)
    entries = await entries_of(record)
    assert {entry.personal["place"]["words"] for entry in entries[1:]} == {place.words for place in places}
    assert record.place.words == entries[-1].personal["place"]["words"]
    assert await broken_at(record) is None


async def test_a_new_address_does_not_bring_messages_back_to_who_wanted_none(town):
    reference = (await town.submit()).reference
    await stop(town.host, reference)
    record = await change_contact(town.host, reference, Requester(name="Zoé", email="z@exemple.ca"), "fr")
    assert not await wants_messages(record)
    assert await wants_messages(await stop(town.host, reference, stopped=False))


async def test_nobody_gets_a_name_into_an_anonymous_request(town):
    reference = (await town.submit(requester={"mode": "anonymous", "email": "a@exemple.ca"})).reference
    record = await change_contact(town.host, reference, Requester(name="Zoé", email="b@exemple.ca"), "en")
    contact = await contact_of(record)
    assert (contact.mode, contact.name, contact.email, record.language) == ("anonymous", "", "b@exemple.ca", "en")
    assert "Zoé" not in str([entry.personal for entry in await entries_of(record)])
    await change_contact(town.host, reference, Requester(mode="anonymous"), "en")
    assert await Contact.count() == 0


@pytest.mark.parametrize("unit", ["", "moon"])
async def test_a_request_goes_to_a_unit_of_its_own_town(town, unit):
    reference = (await town.submit()).reference
    answer = await assign(town.host, reference, unit=unit or None, actor=ANA)
    assert getattr(answer, "unit", None) == (None if unit else "citizens")
