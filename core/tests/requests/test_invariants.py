"""Whatever happens to a request, in whatever order, some things are always true of it."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from parvis import clock
from parvis.db.tables import Contact, Delivery, Entry, Follower
from parvis.identifiers import new_id
from parvis.outbox import claim
from parvis.requests.actors import REQUESTER, SYSTEM, Actor
from parvis.requests.amendments import amend, assign, change_contact, reveal, stop
from parvis.requests.applied_outcomes import settle
from parvis.requests.changing import AlreadyErased, NoSuchRequest, TooManyChanges
from parvis.requests.chores import mark_missed, run_timers
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.search import Filters, queue
from parvis.requests.persons.followers import follow, followers_of
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC, sees
from parvis.requests.work.conversation import note, occurrence, receive, reply
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.requests import Phase, Place, Requester
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text
from parvis_testing.town import erase_due

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
STEPS = 60
SECRET = "Zoé Côté"


async def move(town, reference, chance):
    record = await town.record(reference)
    request_type = await type_of_record(town.host, record)
    mover = chance.choice(["agent", "manager", "requester", "system"])
    code = chance.choice([each.code for each in request_type.workflow.transitions])
    actor = {"requester": REQUESTER, "system": SYSTEM}.get(mover, ANA)
    given = {"reason": "Fait" if code == "resolve" else SECRET}  # what is answered to that one is for everybody
    await make_move(town.host, reference, code, given, actor=actor, mover=mover)


async def retype(town, reference, chance):
    request_type = chance.choice(["hole", "quarrel"])
    answers = chance.choice([None, {"danger": True} if request_type == "hole" else {"kind": "dog"}])
    await amend(town.host, reference, type=request_type, answers=answers, actor=ANA)


async def replace(town, reference, chance):
    place = Place(lon=-73.58 + chance.random() / 100, lat=45.52, address="10, rue Laurier", words=SECRET)
    await amend(town.host, reference, place=place, actor=ANA)


async def log(town, reference, chance):
    request_type = await type_of_record(town.host, await town.record(reference))
    if request_type.occurrence is not None:
        await occurrence(town.host, reference, {"when": SECRET})


THINGS = (
    move,
    move,
    move,
    move,
    retype,
    replace,
    log,
    lambda town, reference, chance: note(town.host, reference, SECRET, actor=ANA),
    lambda town, reference, chance: reply(town.host, reference, SECRET, actor=ANA),
    lambda town, reference, chance: receive(town.host, reference, SECRET),
    lambda town, reference, chance: assign(town.host, reference, unit=chance.choice(["parks", "roads"]), actor=ANA),
    lambda town, reference, chance: follow(town.host, reference, f"v{chance.randrange(3)}@exemple.ca", "fr"),
    lambda town, reference, chance: change_contact(town.host, reference, Requester(name=SECRET, phone="+1"), "fr"),
    lambda town, reference, chance: stop(town.host, reference, stopped=chance.random() < 0.5),
    lambda town, reference, chance: reveal(town.host, reference, "Convocation", actor=ANA),
    lambda town, reference, chance: run_timers(town.host),
    lambda town, reference, chance: mark_missed(town.host),
    lambda town, reference, chance: erase_due(town.host),
)


async def check(town, reference):
    record = await town.record(reference)
    request_type = await type_of_record(town.host, record)
    entries = await entries_of(record)
    clocks = await clocks_of(record.id)
    shown = shown_of(clocks)
    state = request_type.workflow.state(record.state)
    is_closed, is_erased = record.phase is Phase.CLOSED, record.erased_at is not None
    assert await broken_at(record) is None
    assert record.version == record.entries == len(entries)
    assert record.phase == state.phase
    assert (record.closed_at is not None) == is_closed
    assert (record.retention_due_at is not None) == (is_closed and not is_erased)
    assert (record.timer_due_at is not None) == (bool(state.timers) and not is_erased)
    assert (record.promise, record.promised_at) == ((shown.state, shown.due_at) if shown else ("none", None))
    assert not (is_closed and {each.state for each in clocks} & {"running", "paused"})
    assert {each.state for each in clocks if each.paused_at} <= {"paused", "met"}
    assert not (record.public and record.identity == "confidential")
    assert sees(PUBLIC, record, town.host.jurisdictions) == record.public
    found = await queue(town.host, town.agent("see"), "parvis", Filters(late=True))
    assert (reference in [row.reference for row in found.rows]) == record.is_late
    told = await story(town.host, record, PUBLIC, "fr")
    assert SECRET not in str(told)
    assert all(line.title and not line.who for line in told)
    assert not any(line.who for line in await story(town.host, record, HOLDER, "fr"))
    if not record.public:
        assert await followers_of(town.host, record) == ()
    if is_erased:
        assert await Contact.count() == await Follower.count() == 0
        assert await Entry.count().where(Entry.personal.is_not_null()) == 0
        assert SECRET not in str(record)


@pytest.mark.parametrize("seed", range(10))
async def test_some_things_are_true_whatever_happens(town, seed):
    chance = Random(seed)
    with clock.moved_to(datetime(2026, 9, 14, 14, tzinfo=UTC)) as time:
        kind = chance.choice(["hole", "quarrel"])
        reference = (await town.submit(kind, **({"answers": {"danger": True}} if kind == "hole" else {}))).reference
        for _ in range(STEPS):
            try:
                await chance.choice(THINGS)(town, reference, chance)
            except TooManyChanges:
                time.forward(hours=2)
            except AlreadyErased:
                assert (await town.record(reference)).erased_at is not None
            await check(town, reference)
            time.forward(minutes=chance.choice([0, 1, 60, 60 * 24, 60 * 24 * 8, 60 * 24 * 40]))
        with pytest.raises(NoSuchRequest):
            await note(town.host, "7K3M-9QXT-5", "x", actor=ANA)
        if (await town.record(reference)).erased_at is None:
            await erase(town.host, reference, actor=ANA)
        await check(town, reference) if (await town.record(reference)).phase is Phase.CLOSED else None


@pytest.mark.parametrize("seed", range(4))
async def test_the_same_is_true_when_everything_happens_at_once(town, seed):
    chance = Random(seed)
    with clock.moved_to(datetime(2026, 9, 14, 14, tzinfo=UTC)) as time:
        references = [(await town.submit(answers={"danger": True})).reference for _ in range(3)]
        for _ in range(8):
            things = [(chance.choice(THINGS), chance.choice(references)) for _ in range(12)]
            doing = [thing(town, reference, chance) for thing, reference in things]
            doing += [delivered(town, "a"), delivered(town, "b")]
            came = await asyncio.gather(*doing, return_exceptions=True)
            wrong = [each for each in came if isinstance(each, BaseException)]
            assert all(isinstance(each, TooManyChanges | AlreadyErased) for each in wrong), wrong
            for reference in references:
                assert await broken_at(await town.record(reference)) is None
            time.forward(minutes=chance.choice([1, 60 * 24, 60 * 24 * 40, 60 * 24 * 370]))
        while await delivered(town, "a"):
            pass
    rows = await Delivery.select(Delivery.request, Delivery.state, Delivery.subscriber).order_by(Delivery.id)
    assert {row["state"] for row in rows if row["subscriber"] == "town.tell"} == {"done"}
    erased = {record.id for record in [await town.record(each) for each in references] if record.erased_at}
    assert SECRET not in str(await Delivery.select().where(Delivery.request.is_in([*erased, new_id()])))


async def delivered(town, worker):
    """What a worker does with what is due; how much that was."""
    taken = await claim(town.host.engine, worker, {"town.tell": 4}, most=4, lease=timedelta(hours=1))
    for each in taken:
        message = OutgoingMessage(to="zoe@exemple.ca", subject=SECRET, text="x", language="fr")
        note = Text(fr=SECRET, en=SECRET)
        await settle(
            town.host, each, Outcome(note=note, external_reference=f"BT-{each.reference}", messages=(message,))
        )
    return len(taken)
