"""Who is given a request by a rule that names persons: in turn, by load, and by deputies while somebody is away."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.people_tables import Delegation as DelegationTable
from parvis.delegations import Delegation, delegations
from parvis.identifiers import new_id
from parvis.people.granting import delegate, end_delegation
from parvis.requests.amendments import amend
from parvis.requests.exclusions import keep_away
from parvis.requests.history import entries_of
from parvis.requests.intake import take_in
from parvis.requests.levels import RulesetInForce
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis_interests.obeying import declare_ahead
from parvis_routing.kept import StandingRules
from parvis_routing.persons import Assignable
from parvis_routing.rules import Rule, Rules
from parvis_sdk.problems import Problems
from parvis_testing.town import ANA as AN_ACTOR
from parvis_testing.town import HERE

ANA, LUC, ZOE, MAX = (f"01a2170{number}-0000-7000-8000-00000000000{number}" for number in range(4))
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def town(town):
    """A town without accounts: anyone named may be given requests."""
    host = town.host.having(Assignable())
    return replace(town, host=host, counter=RequestService(host))


@pytest.fixture(autouse=True)
def rules_stay(monkeypatch):
    """What a test puts in force is not read again, however slow the machine is."""
    monkeypatch.setattr("parvis_rulesets.versions.FRESH", 90 * DAY)
    monkeypatch.setattr("parvis_routing.persons.FRESH", timedelta(0))


def put(town, *persons, share="turns"):
    rule = Rule(id="r", types=("hole", "quarrel"), unit="roads", persons=persons, share=share)
    rules = Rules(rules=(rule,), default="citizens")
    town.host.of(StandingRules)[town.code] = RulesetInForce(version=4, body=rules, read_at=clock.now())


def a_hole(town):
    raw = {"answers": {"danger": False}, "place": HERE, "requester": {"mode": "anonymous"}}
    return town.host.plugins.request_types["hole"].read(raw, channel="portal")


async def given(town):
    record = await find(town.host, (await town.submit()).reference)
    return str(record.assignee) if record.assignee else ""


async def away(town, agent, deputy="", days=5):
    around = {"starts_at": clock.now() - DAY, "ends_at": clock.now() + days * DAY}
    async with transaction(town.host.engine):
        await delegate(Delegation(id=new_id(), agent=agent, deputy=deputy, **around), by="Ana")


async def test_each_is_given_one_in_turn_and_the_request_says_so(town):
    put(town, ANA, LUC, ZOE)
    assert [await given(town) for _ in range(4)] == [ANA, LUC, ZOE, ANA]
    receipt = await town.submit()
    record = await find(town.host, receipt.reference)
    routed = (await entries_of(record))[0].body["routed"]
    assert (routed["share"], routed["among"], routed["assignee"]) == ("turns", 3, LUC)


async def test_of_many_at_once_nobody_is_given_two_in_a_row(town):
    put(town, ANA, LUC, ZOE)
    receipts = await asyncio.gather(*(town.submit() for _ in range(12)))
    records = [await find(town.host, receipt.reference) for receipt in receipts]
    assert Counter(str(record.assignee) for record in records) == {ANA: 4, LUC: 4, ZOE: 4}


@pytest.mark.both_engines
@pytest.mark.parametrize(("share", "fourth"), [("turns", ANA), ("load", LUC)])  # who has nothing that is kept yet
async def test_a_request_that_is_being_written_keeps_none_waiting(town, share, fourth):
    put(town, ANA, LUC, ZOE, share=share)
    await town.submit()  # its type is kept with the first one
    here = town.host.jurisdictions.jurisdiction(town.code)
    writing, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(record):
        writing.set()
        await go_on.wait()

    slow = asyncio.create_task(take_in(town.host, here, a_hole(town), past=slowly))
    slow.add_done_callback(lambda _: writing.set())
    await writing.wait()
    assert [await given(town) for _ in range(2)] == [ZOE, fourth]
    assert not slow.done()
    go_on.set()
    assert str((await find(town.host, (await slow).reference)).assignee) == LUC


async def test_a_turn_of_what_is_then_not_kept_is_over(town):
    put(town, ANA, LUC, ZOE)
    here = town.host.jurisdictions.jurisdiction(town.code)

    async def breaks(record):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await take_in(town.host, here, a_hole(town), past=breaks)
    assert [await given(town) for _ in range(3)] == [LUC, ZOE, ANA]


async def test_who_is_there_is_read_again_after_some_seconds(town, monkeypatch):
    monkeypatch.setattr("parvis_routing.persons.FRESH", 5 * SECOND)
    put(town, ANA, LUC)
    with clock.moved_to(clock.now()) as now:
        assert await given(town) == ANA
        await away(town, LUC)
        assert await given(town) == LUC
        now.forward(seconds=6)
        assert [await given(town) for _ in range(2)] == [ANA, ANA]


async def test_who_has_the_fewest_open_ones_is_given_the_next(town):
    put(town, ANA, LUC, share="load")
    receipts = [await town.submit() for _ in range(4)]
    first = await find(town.host, receipts[0].reference)
    for receipt in receipts:
        record = await find(town.host, receipt.reference)
        if record.assignee == first.assignee:
            await make_move(town.host, receipt.reference, "resolve", {}, actor=AN_ACTOR, mover="agent")
    assert [await given(town) for _ in range(2)] == [str(first.assignee)] * 2
    both = await asyncio.gather(*(town.submit() for _ in range(2)))
    assert {str((await find(town.host, each.reference)).assignee) for each in both} == {ANA, LUC}


async def test_while_somebody_is_away_their_deputy_is_given_it_from_one_to_the_next(town):
    put(town, ANA, LUC)
    await away(town, ANA, ZOE)
    await away(town, ZOE, MAX)
    assert [await given(town) for _ in range(3)] == [MAX, LUC, MAX]
    await away(town, MAX)
    assert [await given(town) for _ in range(2)] == [LUC, LUC]
    await away(town, LUC)
    assert await given(town) == ""
    of_ana = next(each for each in await delegations() if each.agent == ANA)
    async with transaction(town.host.engine):
        assert await end_delegation(of_ana.id, by="Luc") == of_ana
        assert await end_delegation(of_ana.id, by="Luc") is None
    assert await given(town) == ANA


async def test_a_deputy_who_is_named_too_is_not_given_two_in_a_row(town):
    put(town, ANA, LUC, ZOE)
    await away(town, ANA, LUC)
    assert [await given(town) for _ in range(4)] == [LUC, ZOE, LUC, ZOE]


async def test_whose_account_is_closed_is_given_nothing(town):
    async def able(jurisdiction, ids):
        assert jurisdiction == town.code
        return frozenset(ids) - {LUC}

    put(town, ANA, LUC, ZOE)
    town.host = town.host.having(Assignable(able))
    town.counter.host = town.host
    assert [await given(town) for _ in range(3)] == [ANA, ZOE, ANA]


async def test_another_type_is_given_to_the_next_person(town):
    put(town, ANA, LUC)
    receipt = await town.submit()
    await amend(town.host, receipt.reference, type="quarrel", actor=AN_ACTOR)
    assert (await find(town.host, receipt.reference)).assignee == UUID(LUC)


async def test_from_whom_a_request_is_kept_is_not_given_it(town):
    put(town, ANA, LUC, ZOE)
    receipt = await town.submit()
    await keep_away(town.host, receipt.reference, LUC, "Luc", "Sa soeur", actor=AN_ACTOR)
    await amend(town.host, receipt.reference, type="quarrel", actor=AN_ACTOR)
    assert (await find(town.host, receipt.reference)).assignee == UUID(ZOE)


async def test_what_is_over_is_forgotten_a_month_later(town):
    with clock.moved_to(clock.now()) as now:
        await away(town, ANA, days=1)
        now.forward(days=40)
        assert await delegations() == ()
        await away(town, LUC)
    assert await DelegationTable.count() == 1


async def test_persons_cost_a_request_some_statements_however_many_they_are(town):
    counts = []
    for persons in ((ANA, LUC), tuple(f"01a21700-0000-7000-8000-0000000000{number}" for number in range(10, 60))):
        put(town, *persons)
        await town.submit()
        with counted() as statements:
            await town.submit()
        counts.append(statements.count)
    assert counts[0] == counts[1]


async def test_the_next_in_turn_takes_what_somebody_declared_to_have_to_do_with(town):
    put(town, ANA, LUC, ZOE)
    here = town.host.jurisdictions.jurisdiction(town.code)
    made = await declare_ahead(town.host, here, LUC, "Luc", "person", "Zoé Côté", "Ma sœur")
    assert not isinstance(made, Problems)
    assert [await given(town) for _ in range(3)] == [ANA, ZOE, ANA]
    other = {"mode": "named", "name": "Max Fortin", "email": "max@exemple.ca"}
    record = await find(town.host, (await town.submit(requester=other)).reference)
    assert str(record.assignee) == LUC


async def test_a_deputy_is_given_nothing_that_they_declared_to_have_to_do_with(town):
    put(town, ANA, LUC)
    await away(town, ANA, deputy=ZOE)
    here = town.host.jurisdictions.jurisdiction(town.code)
    await declare_ahead(town.host, here, ZOE, "Zoé", "street", "rue Rachel", "J’y habite")
    assert [await given(town) for _ in range(2)] == [LUC, LUC]
