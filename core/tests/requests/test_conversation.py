"""Words both ways: an answer moves what waits for one, nothing is too much, nobody's file goes astray."""

import asyncio
from datetime import UTC, datetime

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import FilesGone, kept_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import MOST_AN_HOUR, AlreadyErased, TooManyChanges
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.persons.followers import confirm, follow, followers_of
from parvis.requests.records import Record
from parvis.requests.work.conversation import note, occurrence, receive, reply
from parvis_sdk.workflow import Workflow

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)


@pytest.fixture
def patient(town_of, hole):
    """A town where an answer counts also when the town has given up waiting for it."""
    transitions = tuple(
        structs.replace(each, sources=("waiting", "done")) if each.code == "answer" else each
        for each in hole.workflow.transitions
    )
    return town_of(structs.replace(hole, workflow=Workflow(states=hole.workflow.states, transitions=transitions)))


async def waiting_for_an_answer(town):
    reference = (await town.submit()).reference
    for step, given in (("start", {}), ("ask", {"reason": "Où ?"})):
        await make_move(town.host, reference, step, given, actor=ANA, mover="agent")
    return reference


async def test_an_answer_that_comes_after_the_town_gave_up_waiting_takes_the_request_up_again(patient):
    reference = await waiting_for_an_answer(patient)
    await make_move(patient.host, reference, "give_up", {}, actor=ANA, mover="system")
    record = await receive(patient.host, reference, "Du côté nord")
    assert (record.state, record.closed_at, record.retention_due_at) == ("working", None, None)


async def test_words_to_a_request_that_takes_no_answer_move_nothing(town):
    reference = (await town.submit()).reference
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    assert (await receive(town.host, reference, "Merci !")).state == "done"


async def test_two_answers_at_once_are_both_kept_and_move_the_request_once(town):
    reference = await waiting_for_an_answer(town)
    await asyncio.gather(*(receive(town.host, reference, words) for words in ("Nord", "Sud")))
    record = await town.record(reference)
    told = [(entry.kind, "target" in entry.body) for entry in await entries_of(record)][-2:]
    assert told == [("received", True), ("received", False)]
    assert await broken_at(record) is None


async def test_words_are_kept_without_what_could_disguise_them(town):
    reference = (await town.submit()).reference
    await reply(town.host, reference, "  Payez\u202e ici\x00\r\n", actor=ANA)
    record = await note(town.host, reference, "e\u0301te\u0301", actor=ANA)
    words = [entry.personal.get("words") for entry in await entries_of(record)]
    assert words == [None, "Payez ici", "été"]


async def test_a_message_without_end_is_not_kept(town):
    reference = (await town.submit()).reference
    with pytest.raises(ValueError, match="too many for one message"):
        await receive(town.host, reference, "x" * 20_001)
    assert (await town.record(reference)).version == 1


async def test_who_holds_the_key_writes_so_much_an_hour_and_the_town_as_much_as_it_must(town):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        for number in range(MOST_AN_HOUR):
            await receive(town.host, reference, f"mot {number}")
        with pytest.raises(TooManyChanges):
            await receive(town.host, reference, "encore")
        await followed(town, reference, "voisine@exemple.ca")
        assert isinstance(await reply(town.host, reference, "Merci", actor=ANA), Record)
        assert len(await entries_of(await town.record(reference))) == MOST_AN_HOUR + 3
        time.forward(hours=1, seconds=1)
        assert isinstance(await withdraw(town.host, reference, {}), Record)


async def followed(town, reference, email):
    """Somebody asks to follow, and confirms."""
    await follow(town.host, reference, email, "fr")
    asked = next(one for one in await followers_of(town.host, await town.record(reference)) if one.email == email)
    await confirm(town.host, asked.confirm_url.rsplit("/", 1)[-1])


async def test_those_who_follow_do_not_use_up_what_the_requester_may_write(town):
    reference = (await town.submit()).reference
    for number in range(MOST_AN_HOUR + 1):
        await followed(town, reference, f"voisine{number}@exemple.ca")
    assert isinstance(await receive(town.host, reference, "Et moi"), Record)


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-7000-8000-000000000000", ""])
async def test_a_message_with_a_file_that_is_not_there_is_not_kept(town, named):
    reference = (await town.submit()).reference
    with pytest.raises(FilesGone):
        await receive(town.host, reference, "Voici", files=[named], holder="h")
    assert (await town.record(reference)).version == 1


async def test_nobody_sends_somebody_elses_file(town, plan):
    theirs = await receive_file(town.host, "theirs", "files", "plan.pdf", plan)
    reference = (await town.submit()).reference
    with pytest.raises(FilesGone):
        await receive(town.host, reference, "Voici", files=[theirs.id], holder="mine")
    assert await kept_of(await town.record(reference)) == ()


async def test_one_file_goes_with_one_of_two_messages_at_once(town, plan):
    mine = await receive_file(town.host, "mine", "files", "plan.pdf", plan)
    reference = (await town.submit()).reference
    sending = (receive(town.host, reference, "Voici", files=[mine.id], holder="mine") for _ in range(2))
    came = await asyncio.gather(*sending, return_exceptions=True)
    assert sorted(type(each).__name__ for each in came) == ["FilesGone", "Record"]


async def test_nothing_is_added_to_a_request_whose_data_was_destroyed(town):
    reference = (await town.submit("quarrel")).reference
    await erase(town.host, reference, actor=ANA)
    again = [
        receive(town.host, reference, "Et moi ?"),
        reply(town.host, reference, "Bonjour", actor=ANA),
        note(town.host, reference, "Bonjour", actor=ANA),
        occurrence(town.host, reference, {"when": "hier"}),
        make_move(town.host, reference, "start", {}, actor=ANA, mover="agent"),
        follow(town.host, reference, "voisine@exemple.ca", "fr"),
    ]
    for each in again:
        with pytest.raises(AlreadyErased):
            await each
    assert [entry.kind for entry in await entries_of(await town.record(reference))] == ["submitted", "erased"]
