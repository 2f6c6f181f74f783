"""Several things of several owners in one submission: one request for each owner, and one that stands for all."""

import asyncio

from msgspec import structs

from parvis.requests.amendments import amend
from parvis.requests.contacts import contact_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.lifecycle import withdraw
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, SYSTEM_VIEWER
from parvis_sdk.requests import Phase
from parvis_testing.lamps import ANA, move, now, report, said


async def test_each_owner_has_a_request_with_their_things_and_the_person_stays_with_the_whole(lit):
    town = lit()
    whole, parts = await report(town, "A1", "B1", "A2")
    assert [part.place.assets for part in parts] == [("A1", "A2"), ("B1",)]
    assert [await contact_of(part) for part in parts] == [None, None]
    assert (await contact_of(whole)).email == "zoe@exemple.ca"
    assert all(part.answers == whole.answers and not part.public for part in parts)
    assert whole.promised_at == max(part.promised_at for part in parts)
    assert (await entries_of(whole))[0].body["children"] == 2
    assert [await broken_at(each) for each in (whole, *parts)] == [None, None, None]
    listed = await public_requests(town.host, town.code, Filters())
    assert [row.reference for row in listed.rows] == [whole.reference]  # the public map has it once


async def test_a_part_whose_type_is_corrected_stays_on_the_public_page_of_its_whole(lit, hole):
    town = lit(structs.replace(hole, code="puddle", slug=said("flaque")))
    whole, (ours, _) = await report(town, "A1", "B1")
    corrected = await amend(town.host, ours.reference, type="puddle", actor=ANA)
    assert (corrected.type, corrected.public) == ("puddle", False)
    assert (await amend(town.host, whole.reference, type="puddle", actor=ANA)).public
    listed = await public_requests(town.host, town.code, Filters())
    assert [row.reference for row in listed.rows] == [whole.reference]


async def test_things_of_one_owner_and_a_place_alone_are_one_request(lit):
    town = lit()
    assert (await report(town, "A1", "A2"))[1] == []
    assert (await report(town, "B1"))[1] == []
    assert (await report(town))[1] == []


async def test_the_whole_is_done_once_all_are_and_its_parts_never_with_it(lit):
    town = lit()
    whole, (ours, theirs) = await report(town, "A1", "B1")
    await move(town, ours, "resolve")
    assert (await now(town, whole)).phase is Phase.RECEIVED
    await move(town, theirs, "start")
    await move(town, theirs, "resolve")
    assert (await now(town, whole)).state == "done"
    other, (one, two) = await report(town, "A1", "B1")
    await withdraw(town.host, other.reference, {})
    assert (await now(town, other)).phase is Phase.CLOSED
    assert [(await now(town, each)).phase for each in (one, two)] == [Phase.RECEIVED, Phase.RECEIVED]
    await move(town, one, "resolve")  # nothing is to be done about the whole any more
    assert (await now(town, other)).version == other.version + 1


async def test_by_another_rule_it_is_done_once_one_is(lit):
    town = lit(closes="any")
    whole, (ours, theirs) = await report(town, "A1", "B1")
    await move(town, ours, "resolve")
    assert (await now(town, whole)).state == "done"
    assert (await now(town, theirs)).phase is Phase.RECEIVED


async def test_the_whole_is_under_way_as_soon_as_one_part_is_and_its_story_says_why(lit):
    town = lit(begins="start")
    whole, (ours, theirs) = await report(town, "A1", "B1")
    await move(town, ours, "start")
    whole = await now(town, whole)
    assert (whole.phase, whole.version) == (Phase.IN_PROGRESS, 2)
    assert (await now(town, theirs)).phase is Phase.RECEIVED
    begun = (await entries_of(whole))[-1]
    assert (begun.kind, begun.actor.kind, begun.body["by_rule"]) == ("moved", "system", "begins")
    for viewer in (SYSTEM_VIEWER, HOLDER):
        line = (await story(town.host, whole, viewer, "fr"))[-1]
        assert line.words == "Parce que le travail est commencé pour une des parties."
    await move(town, theirs, "start")
    assert (await now(town, whole)).version == 2  # once
    await move(town, ours, "resolve")
    assert (await now(town, whole)).phase is Phase.IN_PROGRESS
    await move(town, theirs, "resolve")
    whole = await now(town, whole)
    assert (whole.state, (await entries_of(whole))[-1].body["by_rule"]) == ("done", "all")
    assert await broken_at(whole) is None


async def test_a_part_that_is_settled_without_having_been_begun_lets_the_whole_begin_and_one_answered_for_does_not(lit):
    town = lit(begins="start")
    whole, (ours, theirs, elsewhere) = await report(town, "A1", "B1", "C1")
    assert elsewhere.state == "elsewhere"
    assert (await now(town, whole)).phase is Phase.RECEIVED
    await move(town, theirs, "resolve")
    assert (await now(town, whole)).phase is Phase.IN_PROGRESS
    assert (await now(town, ours)).phase is Phase.RECEIVED


async def test_a_whole_that_somebody_has_begun_with_or_that_is_over_is_left_alone(lit):
    town = lit(begins="start")
    whole, (ours, _) = await report(town, "A1", "B1")
    await move(town, whole, "start")
    await move(town, ours, "start")
    assert (await now(town, whole)).version == 2
    other, (one, _) = await report(town, "A1", "B1")
    await withdraw(town.host, other.reference, {})
    await move(town, one, "start")
    assert (await now(town, other)).phase is Phase.CLOSED


async def test_both_parts_begun_at_once_let_the_whole_begin_once(lit):
    town = lit(begins="start")
    whole, parts = await report(town, "A1", "B1")
    await asyncio.gather(*(move(town, part, "start") for part in parts))
    kinds = [entry.body.get("transition") for entry in await entries_of(await now(town, whole))]
    assert kinds.count("start") == 1


async def test_who_takes_reports_only_itself_is_answered_for_at_once_and_counts_as_over(lit):
    town = lit()
    whole, (ours, theirs) = await report(town, "A1", "C1")
    assert theirs.state == "elsewhere"
    given = (await entries_of(theirs))[-1].personal["given"]
    assert given == {"owner": "Ministère", "owner_link": "https://province.example/"}
    await move(town, ours, "resolve")
    assert (await now(town, whole)).state == "done"


async def test_where_none_was_settled_somebody_decides(lit):
    town = lit()
    whole, parts = await report(town, "C1", "D1")
    assert [part.state for part in parts] == ["elsewhere", "elsewhere"]
    whole = await now(town, whole)
    assert whole.phase is Phase.RECEIVED
    last = (await entries_of(whole))[-1]
    assert (last.kind, last.audience) == ("hindered", "internal")
    assert "Toutes les parties sont terminées" in last.personal["note"]["fr"]
