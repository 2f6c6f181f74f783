"""A request that is tied to another one as a part of it by hand counts for it, whatever its type, as made parts do."""

import asyncio

import pytest
from msgspec import structs

from parvis.requests.amendments import assign
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.records import Record
from parvis.requests.relations.ties import ties_of
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis_merging.merging import merge, part
from parvis_merging.tying import link, unlink
from parvis_sdk.children import ChildRule
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied
from parvis_testing.street import ANA, EVERYWHERE, an_agent


def said(words):
    return Text(fr=words, en=words)


def by_the_house(hole, *codes):
    """The same type, whose steps of these codes the host may make as well."""
    transitions = [
        structs.replace(each, by=(*each.by, "system")) if each.code in codes else each
        for each in hole.workflow.transitions
    ]
    return structs.replace(hole, workflow=structs.replace(hole.workflow, transitions=tuple(transitions)))


def ended_otherwise(hole):
    """A type whose workflow knows no `resolve`."""
    transitions = [
        structs.replace(each, code="finish") if each.code == "resolve" else each for each in hole.workflow.transitions
    ]
    request_type = structs.replace(hole, workflow=structs.replace(hole.workflow, transitions=tuple(transitions)))
    return structs.replace(request_type, code="odd", slug=said("odd"))


class Whole:
    """A town in which a hole stands for its parts, and branches and odd things are reported beside."""

    def __init__(self, town):
        self.town, self.host = town, town.host

    async def report(self, type="hole"):
        receipt = await self.town.submit(type, answers={"danger": False})
        return await self.town.record(receipt.reference)

    async def now(self, record):
        return await self.town.record(record.reference)

    async def steps(self, record, *transitions):
        for each in transitions:
            became = await make_move(self.host, record.reference, each, {}, actor=ANA, mover="agent")
            assert isinstance(became, Record), became

    async def tie(self, part, whole, viewer=EVERYWHERE):
        return await link(self.host, viewer, part.reference, "child_of", whole.reference, actor=ANA)

    async def untie(self, one, other):
        return await unlink(self.host, EVERYWHERE, one.reference, "child_of", other.reference, actor=ANA)

    async def hindered(self, record):
        return [entry for entry in await entries_of(await self.now(record)) if entry.kind == "hindered"]

    async def rules(self, record):
        """By which rules the host has moved it."""
        entries = await entries_of(await self.now(record))
        return [entry.body["by_rule"] for entry in entries if "by_rule" in entry.body]


@pytest.fixture
def parted(town_of, hole):
    def make(**rule):
        whole = by_the_house(hole, "start", "resolve")
        whole = structs.replace(whole, children=ChildRule(move="resolve", begins="start", **rule))
        branch = structs.replace(hole, code="branch", slug=said("branch"))
        return Whole(town_of(ruled(whole), branch, ended_otherwise(hole)))

    return make


def ruled(request_type):
    """The same, where several things may be chosen, without which a type may have no rule for parts."""
    return structs.replace(request_type, place=structs.replace(request_type.place, assets="lamps", most_assets=2))


async def test_a_part_of_another_type_lets_its_whole_begin_and_end_and_its_story_says_why(parted):
    town = parted()
    whole, one, other = [await town.report(type) for type in ("hole", "branch", "branch")]
    await town.tie(one, whole)
    await town.tie(other, whole)
    assert (await town.now(whole)).phase is Phase.RECEIVED
    await town.steps(one, "start")
    assert (await town.now(whole)).phase is Phase.IN_PROGRESS
    await town.steps(one, "resolve")
    assert (await town.now(whole)).phase is Phase.IN_PROGRESS
    await town.steps(other, "resolve")
    record = await town.now(whole)
    assert (record.state, await town.rules(whole)) == ("done", ["begins", "all"])
    lines = [line.words for line in await story(town.host, record, HOLDER, "fr") if line.words]
    assert "Parce que toutes les parties sont fermées." in lines
    # Who asked for the whole is told that it moves, and nothing of whose reports its parts are.
    told = str(await story(town.host, record, HOLDER, "fr"))
    assert not [each for each in (one, other) if each.reference in told]
    assert await broken_at(record) is None


async def test_what_is_under_way_or_over_already_counts_in_the_moment_in_which_it_is_tied(parted):
    town = parted()
    whole, one = await town.report(), await town.report("branch")
    await town.steps(one, "start")
    tied = await town.tie(one, whole)
    assert tied.reference == one.reference
    assert ((await town.now(whole)).phase, await town.rules(whole)) == (Phase.IN_PROGRESS, ["begins"])
    another, done = await town.report(), await town.report("branch")
    await town.steps(done, "resolve")
    await town.tie(done, another)
    assert ((await town.now(another)).state, await town.rules(another)) == ("done", ["all"])


async def test_the_whole_ends_once_the_last_part_that_is_not_over_is_untied_from_whichever_side(parted):
    town = parted()
    for from_whole in (False, True):
        whole, done, waiting = [await town.report(type) for type in ("hole", "branch", "branch")]
        await town.tie(done, whole)
        await town.tie(waiting, whole)
        await town.steps(done, "resolve")
        assert (await town.now(whole)).phase is Phase.IN_PROGRESS
        sides = (whole, waiting) if from_whole else (waiting, whole)
        became = await town.untie(*sides)
        assert became == await town.now(sides[0])
        assert (await town.now(whole)).state == "done"
        assert (await town.now(waiting)).phase is Phase.RECEIVED
        assert [tie.record.id for tie in await ties_of(await town.now(whole))] == [done.id]


async def test_nothing_is_undone_by_untying_and_a_request_without_parts_goes_on_by_itself(parted):
    town = parted()
    whole, one = await town.report(), await town.report("branch")
    await town.tie(one, whole)
    await town.steps(one, "start")
    await town.untie(one, whole)
    assert (await town.now(whole)).phase is Phase.IN_PROGRESS
    assert await town.hindered(whole) == []
    await town.steps(one, "resolve")
    assert (await town.now(whole)).phase is Phase.IN_PROGRESS  # it is no part any more


async def test_by_the_other_rule_one_part_that_is_settled_is_enough(parted):
    town = parted(closes="any")
    whole, one, done = [await town.report(type) for type in ("hole", "branch", "branch")]
    await town.tie(one, whole)
    await town.steps(done, "resolve")
    await town.tie(done, whole)
    assert ((await town.now(whole)).state, await town.rules(whole)) == ("done", ["any"])
    assert (await town.now(one)).phase is Phase.RECEIVED


async def test_where_nothing_says_that_a_part_was_settled_somebody_decides(parted):
    town = parted()
    whole, odd, other = [await town.report(type) for type in ("hole", "odd", "odd")]
    await town.steps(odd, "finish")
    await town.tie(other, whole)
    await town.tie(odd, whole)
    assert await town.hindered(whole) == []
    await town.steps(other, "finish")
    (note,) = await town.hindered(whole)
    assert "Toutes les parties sont terminées" in note.personal["note"]["fr"]
    assert (await town.now(whole)).phase is Phase.RECEIVED


async def test_a_whole_that_is_over_stays_so_and_one_without_a_rule_is_left_alone(parted):
    town = parted()
    whole, branch, one = [await town.report(type) for type in ("hole", "branch", "branch")]
    await withdraw(town.host, whole.reference, {})
    version = (await town.now(whole)).version
    await town.steps(one, "start")
    await town.tie(one, whole)
    assert (await town.now(whole)).version == version + 1  # the tie itself
    await town.untie(one, whole)
    await town.tie(one, branch)
    await town.steps(one, "resolve")
    assert (await town.now(branch)).phase is Phase.RECEIVED


async def test_who_may_not_see_the_whole_moves_its_part_and_reads_nothing_of_it(parted):
    town = parted()
    whole, one = await town.report(), await town.report("branch")
    await town.tie(one, whole)
    await assign(town.host, one.reference, unit="roads", actor=ANA)
    await assign(town.host, whole.reference, unit="parks", actor=ANA)
    refused = await town.tie(one, whole, viewer=an_agent("roads"))
    assert refused == await town.tie(one, await town.report("odd"), viewer=an_agent("roads"))
    await town.steps(one, "resolve")
    assert (await town.now(whole)).state == "done"
    told = str(await story(town.host, await town.now(one), an_agent("roads"), "fr"))
    assert whole.reference not in told


async def test_a_part_that_is_waited_for_is_not_merged_and_what_was_merged_is_no_part(parted):
    town = parted()
    whole, one, other, third = [await town.report(type) for type in ("hole", "branch", "branch", "branch")]
    await town.tie(one, whole)
    refused = await merge(town.host, EVERYWHERE, one.reference, other.reference, actor=ANA)
    assert "attend qu’elle soit terminée" in refused.reason.fr
    assert isinstance(await merge(town.host, EVERYWHERE, third.reference, other.reference, actor=ANA), Record)
    assert isinstance(await town.tie(third, whole), Denied)
    await part(town.host, EVERYWHERE, third.reference, actor=ANA)
    assert isinstance(await town.tie(third, whole), Record)
    beside = await town.report("branch")
    await town.tie(beside, other)  # of a type without a rule: nobody waits for it
    assert isinstance(await merge(town.host, EVERYWHERE, beside.reference, one.reference, actor=ANA), Record)


@pytest.mark.parametrize("first", ["whole", "part"])
async def test_tying_untying_and_moving_at_once_end_alike_whoever_was_there_first(parted, first):
    town = parted()
    types = ("hole", "branch") if first == "whole" else ("branch", "hole")
    made = {type: await town.report(type) for type in types}
    whole, one = made["hole"], made["branch"]
    await asyncio.gather(town.tie(one, whole), town.steps(one, "start"))
    assert (await town.rules(whole)).count("begins") == 1
    await asyncio.gather(town.steps(one, "resolve"), town.untie(whole, one))
    assert (await town.now(one)).state == "done"
    assert (await town.now(whole)).state in ("working", "done")  # as its part was there still, or no more
    for each in (whole, one):
        assert await broken_at(await town.now(each)) is None
