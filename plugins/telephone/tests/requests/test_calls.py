"""Who cannot be written to by a machine is called: each step once, to be told, tried again or given up."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.access_scope import Reach
from parvis.db import counted, transaction
from parvis.db.tables import OwedContact
from parvis.outbox import claim
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.applied_outcomes import settle
from parvis.requests.contacts import stop_messages
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, Viewer
from parvis_sdk.subscriptions import ByHand, Outcome
from parvis_sdk.text import Text
from parvis_telephone.calls import calls_for, calls_of, mark

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)  # ten in the morning in Montréal
HAROLD = {"mode": "named", "name": "Harold Pike", "phone": "514 555-0163"}
SAID = ByHand(
    way="phone",
    about=Text(fr="Requête : en cours", en="Request: under way"),
    say=Text(fr="L’équipe passe jeudi.", en="The crew comes on Thursday."),
)

OUTCOME = Outcome(by_hand=SAID)


def viewer(*permissions: str, unit: str = "") -> Viewer:
    reach = Reach(permissions=frozenset({*permissions, "contacts"}), jurisdiction="parvis", unit=unit)
    return Viewer(kind="agent", id="ana", name="Ana", reaches=(reach,))


CLERK = viewer("see", "intake")


async def owed(town, outcome=OUTCOME, **given):
    """A request of somebody without an e-mail address, who is owed a call; its reference and what was claimed."""
    reference = (await town.submit(requester=HAROLD, **given)).reference
    return reference, await told(town, outcome)


async def told(town, outcome=OUTCOME):
    (claimed,) = await claim(town.host.engine, "w", {"town.tell": 1}, most=1, lease=timedelta(seconds=60))
    await settle(town.host, claimed, outcome)
    return claimed


def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


async def listed(town, seen_by=CLERK, when="now", **narrowed):
    return await calls_for(town.host, seen_by, here(town), when, **narrowed)


async def test_a_step_that_must_be_told_gives_one_call_with_what_to_say_and_by_when(town):
    with clock.moved_to(THURSDAY):
        reference, claimed = await owed(town, language="en")
        await settle(town.host, claimed, Outcome(by_hand=SAID))  # the same news again
        found = await listed(town)
        (call,) = found.calls
        (one,) = call.owed
        assert (found.total, call.record.reference, call.way, call.tries) == (1, reference, "phone", 0)
        assert (call.contact.name, call.contact.phone) == ("Harold Pike", "+15145550163")
        assert (one.about, one.say) == ("Request: under way", "The crew comes on Thursday.")
        assert call.due_at == datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
        assert [entry.kind for entry in await entries_of(call.record)] == ["submitted"]


async def test_two_steps_are_told_in_one_call_and_stand_once_in_the_story(town):
    with clock.moved_to(THURSDAY):
        reference, _ = await owed(town)
        await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
        later = ByHand(way="phone", about=Text(fr="Plus tard", en="Later"), say=Text(fr="Ensuite."))
        await told(town, Outcome(by_hand=later))
        (call,) = (await listed(town)).calls
        assert [one.about for one in call.owed] == ["Requête : en cours", "Plus tard"]
        ids = [one.id for one in call.owed]
        record = await mark(town.host, reference, ids, "told", "Il remercie la Ville.", actor=ANA)
        assert (await listed(town)).total == 0
        last = (await entries_of(record))[-1]
        assert (last.kind, last.audience, last.body) == (
            "called",
            "internal",
            {"way": "phone", "result": "told", "told": 2},
        )
        lines = await story(town.host, record, CLERK, "fr")
        assert lines[-1].words == "«\u00a0Requête : en cours\u00a0»\n«\u00a0Plus tard\u00a0»\nIl remercie la Ville."
        assert "called" not in [line.kind for line in await story(town.host, record, HOLDER, "fr")]
        assert await broken_at(record) is None


async def test_who_does_not_answer_is_tried_again_on_the_next_business_day(town):
    with clock.moved_to(THURSDAY + timedelta(days=1)) as time:
        reference, _ = await owed(town)
        (call,) = (await listed(town)).calls
        await mark(town.host, reference, [call.owed[0].id], "again", actor=ANA)
        assert (await listed(town)).total == 0
        (put_off,) = (await listed(town, when="later")).calls
        assert put_off.owed[0].from_at == datetime(2026, 11, 30, 13, 30, tzinfo=UTC)  # Monday
        assert put_off.due_at == datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
        time.forward(days=3)
        (again,) = (await listed(town)).calls
        assert (again.tries, again.owed[0].say) == (1, "L’équipe passe jeudi.")
        record = await mark(town.host, reference, [again.owed[0].id], "unreached", "Numéro hors service", actor=ANA)
        assert [entry.kind for entry in await entries_of(record)] == ["submitted", "not_reached", "unreached"]
        assert (await listed(town)).total == (await listed(town, when="later")).total == 0


async def test_of_two_who_call_at_once_one_writes_it_down(town):
    reference, _ = await owed(town)
    (call,) = (await listed(town)).calls
    ids = [call.owed[0].id]
    marked = await asyncio.gather(*(mark(town.host, reference, ids, "told", actor=ANA) for _ in range(3)))
    assert len([each for each in marked if each is not None]) == 1
    assert [entry.kind for entry in await entries_of(await town.record(reference))] == ["submitted", "called"]


async def test_a_call_is_no_conflict_for_whoever_works_on_the_request(town):
    reference, _ = await owed(town)
    seen = (await town.record(reference)).version
    (call,) = (await listed(town)).calls
    await mark(town.host, reference, [call.owed[0].id], "told", actor=ANA)
    moved = await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent", expected=seen)
    assert moved.state == "working"


async def test_nothing_is_owed_to_who_wants_no_messages_nor_once_the_request_is_destroyed(town):
    reference, _ = await owed(town)
    record = await town.record(reference)
    async with transaction(town.host.engine):
        await stop_messages(record.id)
    assert (await listed(town)).total == 0
    async with transaction(town.host.engine):
        await stop_messages(record.id, stopped=False)
    assert (await listed(town)).total == 1
    await erase(town.host, reference, actor=ANA)
    assert await OwedContact.count() == 0
    assert (await listed(town)).total == 0


async def test_calls_are_for_those_who_answer_for_the_request(town):
    reference, _ = await owed(town)
    await assign(town.host, reference, unit="parks", actor=ANA)
    record = await town.record(reference)
    assert (await listed(town, viewer("see", "work", unit="parks"))).total == 1
    for other in (viewer("see"), viewer("see", "work", unit="lighting"), viewer("see", "intake", unit="lighting")):
        assert (await listed(town, other)).calls == ()
        assert (await listed(town, other)).total == 0
    assert (await listed(town, units={"lighting"})).total == 0
    assert (await listed(town, units={"parks"})).total == 1
    assert await calls_of(town.host, record, CLERK)


async def test_a_confidential_person_is_not_named_in_the_list(town):
    reference = (await town.submit("quarrel", requester=HAROLD | {"mode": "confidential"})).reference
    await told(town)
    (call,) = (await listed(town, viewer("see", "work", "reveal"))).calls
    assert call.record.reference == reference
    assert call.is_confidential
    assert call.contact is None


async def test_however_many_calls_are_owed_the_list_asks_as_often(town):
    await owed(town)
    await listed(town)
    with counted() as one:
        await listed(town)
    for _ in range(6):
        await owed(town)
    with counted() as seven:
        found = await listed(town)
    assert len(found.calls) == 7
    assert seven.count == one.count == 5


async def test_whoever_is_tried_by_a_forged_id_is_not_written_about(town):
    reference, _ = await owed(town)
    other = (await town.submit()).reference
    (call,) = (await listed(town)).calls
    assert await mark(town.host, other, [call.owed[0].id], "told", actor=ANA) is None
    assert await mark(town.host, reference, [], "told", actor=ANA) is None
    assert (await listed(town)).total == 1


@pytest.mark.parametrize("words", ["x" * 5000, "a\x00b\u202e"])
async def test_a_remark_is_kept_clean_and_short(town, words):
    reference, _ = await owed(town)
    (call,) = (await listed(town)).calls
    record = await mark(town.host, reference, [call.owed[0].id], "again", words, actor=ANA)
    kept = (await entries_of(record))[-1].personal["note"]["fr"]
    assert len(kept) <= 2000
    assert "\x00" not in kept


async def test_a_call_owed_in_an_emergency_is_due_within_hours_on_a_friday_night_and_stands_first(town):
    friday_night = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)  # nine in the evening in Montréal
    boil = structs.replace(SAID, about=Text(fr="Faites bouillir l’eau", en="Boil the water"), urgency="emergency")
    with clock.moved_to(friday_night) as moved:
        usual, _ = await owed(town)
        urgent, _ = await owed(town, Outcome(by_hand=boil))
        found = await calls_for(town.host, CLERK, here(town))
        assert [call.record.reference for call in found.calls] == [urgent, usual]
        first, second = found.calls
        assert (first.is_emergency, second.is_emergency) == (True, False)
        assert first.due_at - friday_night == timedelta(hours=2)
        assert second.due_at - friday_night > timedelta(days=2)
        await mark(town.host, urgent, [each.id for each in first.owed], "again", actor=ANA)
        later = await calls_for(town.host, CLERK, here(town), "later")
        assert [call.record.reference for call in later.calls] == [urgent]
        moved.forward(minutes=31)
        again = await calls_for(town.host, CLERK, here(town))
        assert again.calls[0].record.reference == urgent  # not on Monday
        assert again.calls[0].due_at - friday_night <= timedelta(hours=1, minutes=1)
