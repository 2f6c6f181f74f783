"""How a request moves, who may move it, what the clocks do, and what happens when two people act at once."""

import asyncio
from datetime import UTC, datetime, timedelta

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend, assign, reveal
from parvis.requests.changing import Conflict
from parvis.requests.chores import mark_missed, run_timers
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.persons.followers import confirm, follow, followers_of
from parvis.requests.records import Record
from parvis.requests.work.conversation import note, occurrence, receive, reply
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase, Place
from parvis_sdk.workflow import Denied

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


async def agent_moves(town, reference, transition, raw=None, **more):
    return await make_move(town.host, reference, transition, raw or {}, actor=ANA, mover="agent", **more)


async def test_an_agent_starts_the_work_and_history_says_so(town):
    reference = (await town.submit()).reference
    record = await agent_moves(town, reference, "start")
    assert (record.state, record.phase, record.version) == ("working", Phase.IN_PROGRESS, 2)
    entry = (await entries_of(record))[-1]
    assert entry.body == {"transition": "start", "source": "received", "target": "working"}
    assert await broken_at(record) is None


async def test_a_move_that_is_not_allowed_changes_nothing(town):
    reference = (await town.submit()).reference
    denied = await agent_moves(town, reference, "reopen")
    assert isinstance(denied, Denied)
    assert (await town.record(reference)).version == 1


async def test_a_move_that_lacks_an_answer_says_which(town):
    reference = (await town.submit()).reference
    await agent_moves(town, reference, "start")
    problems = await agent_moves(town, reference, "ask")
    assert isinstance(problems, Problems)
    assert [each.path for each in problems.found] == ["reason"]


async def test_the_second_of_two_agents_is_told_what_the_first_did(town):
    reference = (await town.submit()).reference
    await agent_moves(town, reference, "start", expected=1)
    conflict = await note(town.host, reference, "Je m’en occupe", actor=ANA, expected=1)
    assert isinstance(conflict, Conflict)
    assert [entry.body["transition"] for entry in conflict.entries] == ["start"]


async def test_those_who_follow_do_not_stand_in_the_way_of_those_who_work(town):
    reference = (await town.submit()).reference
    await follow(town.host, reference, "voisine@exemple.ca", "fr")
    (asked,) = await followers_of(town.host, await town.record(reference))
    assert (await confirm(town.host, asked.confirm_url.rsplit("/", 1)[-1])).version == 2
    assert isinstance(await note(town.host, reference, "Je m’en occupe", actor=ANA, expected=1), Record)
    assert isinstance(await note(town.host, reference, "Moi aussi", actor=ANA, expected=1), Conflict)


async def test_ten_agents_at_once_lose_no_word_and_break_no_chain(town):
    reference = (await town.submit()).reference
    await asyncio.gather(*(note(town.host, reference, f"mot {index}", actor=ANA) for index in range(10)))
    record = await town.record(reference)
    words = {entry.personal["words"] for entry in await entries_of(record) if entry.kind == "note"}
    assert words == {f"mot {index}" for index in range(10)}
    assert record.version == 11
    assert await broken_at(record) is None


async def test_only_one_of_two_equal_moves_at_once_takes_place(town):
    reference = (await town.submit()).reference
    answers = await asyncio.gather(*(agent_moves(town, reference, "start") for _ in range(2)))
    assert sorted(type(answer).__name__ for answer in answers) == ["Denied", "Record"]


async def test_the_promise_pauses_while_the_town_waits_for_the_person(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        promised = (await town.record(reference)).promised_at
        await agent_moves(town, reference, "start")
        await agent_moves(town, reference, "ask", {"reason": "Quel côté ?"})
        assert (await town.record(reference)).promise == "paused"
        time.forward(days=7)
        record = await receive(town.host, reference, "Du côté nord")
        assert (record.state, record.promise) == ("working", "running")
        assert record.promised_at - promised == timedelta(days=7)


async def test_a_danger_that_waits_is_promised_so_much_later_by_the_wall_clock(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit(answers={"danger": True})).reference
        await agent_moves(town, reference, "start")
        await agent_moves(town, reference, "ask", {"reason": "Où ?"})
        time.forward(hours=5)
        record = await receive(town.host, reference, "Ici")
        assert record.promised_at == MONDAY + timedelta(hours=29)


async def test_closing_in_time_keeps_the_promise_and_reopening_makes_a_new_one(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        record = await agent_moves(town, reference, "resolve")
        assert (record.promise, record.closed_at) == ("met", MONDAY)
        assert record.retention_due_at == MONDAY + timedelta(days=365)
        time.forward(days=3)
        record = await make_move(town.host, reference, "reopen", {}, actor=ANA, mover="manager")
        assert (record.promise, record.closed_at, record.retention_due_at) == ("running", None, None)
        assert record.promised_at > MONDAY + timedelta(days=7)


async def test_a_broken_promise_is_marked_by_time_alone(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit(answers={"danger": True})).reference
        time.forward(hours=25)
        assert await mark_missed(town.host) == 1
        record = await town.record(reference)
        assert record.promise == "missed"
        assert record.is_late
        assert [each.state for each in await clocks_of(record.id)] == ["missed"]


async def test_a_request_left_without_answer_is_closed_by_its_timer(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        await agent_moves(town, reference, "start")
        await agent_moves(town, reference, "ask", {"reason": "Quel côté ?"})
        assert await run_timers(town.host) == 0
        time.forward(days=31)
        assert await run_timers(town.host) == 1
        assert await run_timers(town.host) == 0
        record = await town.record(reference)
        assert record.state == "done"
        assert (await entries_of(record))[-1].actor.kind == "system"


async def test_a_person_takes_the_request_back(town):
    reference = (await town.submit()).reference
    record = await withdraw(town.host, reference, {"reason": "C’est réparé"})
    assert isinstance(record, Record)
    assert record.state == "done"


async def test_words_in_both_directions_are_entries(town):
    reference = (await town.submit()).reference
    await reply(town.host, reference, "Bien reçu", actor=ANA)
    record = await receive(town.host, reference, "Merci")
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "reply", "received"]


async def test_an_occurrence_is_read_by_the_form_of_the_type(town):
    reference = (await town.submit("quarrel")).reference
    assert isinstance(await occurrence(town.host, reference, {}), Problems)
    record = await occurrence(town.host, reference, {"when": "hier soir"})
    assert (await entries_of(record))[-1].personal["given"] == {"when": "hier soir"}


async def test_a_request_goes_to_another_unit_and_only_to_one_that_exists(town):
    reference = (await town.submit()).reference
    record = await assign(town.host, reference, unit="parks", actor=ANA)
    assert record.unit == "parks"
    assert isinstance(await assign(town.host, reference, unit="moon", actor=ANA), Problems)


async def test_another_type_carries_over_what_it_also_asks(town):
    reference = (await town.submit(answers={"danger": True, "words": "Gros trou"})).reference
    record = await amend(town.host, reference, type="quarrel", actor=ANA)
    assert record.answers == {"words": "Gros trou"}
    assert (record.type, record.state, record.public) == ("quarrel", "received", False)
    assert (await entries_of(record))[-1].personal["before"]["answers"] == {"danger": True, "words": "Gros trou"}


async def test_a_corrected_place_moves_the_request_to_its_zone_and_must_lie_in_the_town(town):
    reference = (await town.submit()).reference
    outside = await amend(town.host, reference, place=Place(lon=-71.2, lat=46.8), actor=ANA)
    assert [each.code for each in outside.found] == ["outside"]
    turned = await amend(town.host, reference, place=Place(lon=45.5236, lat=-73.5807), actor=ANA)
    assert [each.code for each in turned.found] == ["turned"]
    record = await amend(town.host, reference, place=Place(words="Coin Rachel"), actor=ANA)
    assert (record.address, record.lon) == ("Coin Rachel", None)


async def test_looking_at_a_confidential_identity_is_written_down_first(town):
    reference = (await town.submit("quarrel")).reference
    requester = await reveal(town.host, reference, "Convocation", actor=ANA)
    assert requester.name == "Zoé Côté"
    entry = (await entries_of(await town.record(reference)))[-1]
    assert (entry.kind, entry.body["reason"], entry.actor.name) == ("revealed", "Convocation", "Ana Tremblay")
