"""Linked requests: shown on both sides, to viewers who may see both."""

import asyncio

import pytest

from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.records import Record
from parvis.requests.relations.ties import seen_by, ties_of
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, Reach, Viewer
from parvis_merging.tying import link, unlink
from parvis_sdk.workflow import Denied

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def an_agent(unit=""):
    return Viewer(
        kind="agent",
        id="ana",
        reaches=(Reach(permissions=frozenset(("see", "work")), jurisdiction="parvis", unit=unit),),
    )


@pytest.fixture
async def pair(town):
    return [await town.record((await town.submit()).reference) for _ in range(2)]


async def test_a_tie_is_found_from_both_sides_and_told_on_both(town, pair):
    one, other = pair
    assert isinstance(await link(town.host, an_agent(), one.reference, "about", other.reference, actor=ANA), Record)
    (mine,), (theirs,) = await ties_of(one), await ties_of(other)
    assert (mine.record.reference, mine.ours, theirs.record.reference, theirs.ours) == (
        other.reference,
        True,
        one.reference,
        False,
    )
    for record in pair:
        record = await town.record(record.reference)
        assert (await entries_of(record))[-1].kind == "tied"
        assert await broken_at(record) is None
        assert "tied" not in [line.kind for line in await story(town.host, record, HOLDER, "fr")]
    again = await link(town.host, an_agent(), other.reference, "about", one.reference, actor=ANA)
    assert isinstance(again, Denied)
    await unlink(town.host, an_agent(), other.reference, "about", one.reference, actor=ANA)
    assert await ties_of(one) == await ties_of(other) == ()


async def test_who_may_not_see_the_other_neither_ties_it_nor_learns_of_it(town, pair):
    one, other = pair
    await assign(town.host, one.reference, unit="roads", actor=ANA)
    await assign(town.host, other.reference, unit="parks", actor=ANA)
    viewer = an_agent("roads")
    refused = await link(town.host, viewer, one.reference, "about", other.reference, actor=ANA)
    missing = await link(town.host, viewer, one.reference, "about", "0000-0000-0", actor=ANA)
    assert isinstance(refused, Denied)
    assert refused == missing
    await link(town.host, an_agent(), one.reference, "about", other.reference, actor=ANA)
    assert seen_by(viewer, await ties_of(one), town.host.jurisdictions) == ()
    told = await story(town.host, await town.record(one.reference), viewer, "fr")
    assert other.reference not in "".join(line.title + line.words for line in told)


async def test_nothing_is_a_part_of_two_nor_of_what_is_a_part_itself(town, pair):
    one, other = pair
    third = await town.record((await town.submit()).reference)

    def part_of(part, whole):
        return link(town.host, an_agent(), part.reference, "child_of", whole.reference, actor=ANA)

    done = await asyncio.gather(part_of(one, other), part_of(other, one))
    assert sorted(type(each).__name__ for each in done) == ["Denied", "Record"]
    part, whole = (one, other) if isinstance(done[0], Record) else (other, one)
    assert isinstance(await part_of(part, third), Denied)
    assert isinstance(await part_of(third, part), Denied)
    assert isinstance(await part_of(third, whole), Record)


async def test_what_was_erased_is_tied_no_more_and_keeps_the_ties_that_it_had(town, pair):
    one, other = pair
    await link(town.host, an_agent(), one.reference, "about", other.reference, actor=ANA)
    await erase(town.host, other.reference, actor=ANA)
    assert [each.record.erased_at is not None for each in await ties_of(one)] == [True]
    third = await town.record((await town.submit()).reference)
    refused = await link(town.host, an_agent(), third.reference, "about", other.reference, actor=ANA)
    assert isinstance(refused, Denied)
