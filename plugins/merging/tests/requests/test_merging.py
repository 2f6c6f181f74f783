"""Two reports of one thing made one, and taken apart again: nobody is forgotten, and nothing is disclosed."""

import asyncio
import random
import re
from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.amendments import amend, assign, stop
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import due_for_destruction, erase
from parvis.requests.lifecycle import make_move, withdraw
from parvis.requests.lists.nearby import similar_open
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.persons.followers import followers_of
from parvis.requests.records import Record
from parvis.requests.relations.merged import goes_on_with, going_on_with
from parvis.requests.relations.ties import ties_of
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, present
from parvis.requests.work.conversation import receive
from parvis_merging.merging import merge
from parvis_sdk.problems import Problems
from parvis_sdk.requests import Phase
from parvis_sdk.workflow import Denied
from parvis_testing.street import ANA, EVERYWHERE, an_agent

OPEN = Filters()


async def test_the_first_goes_on_with_the_second_and_both_histories_say_so(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    merged = await street.merge(one, other)
    assert (merged.phase, merged.state, merged.merged_into, merged.public) == (
        Phase.CLOSED,
        "received",
        other.id,
        False,
    )
    assert (merged.closed_at, merged.decided_at) == (None, None)  # so no figure counts it as finished
    other = await street.now(other)
    assert (other.phase, other.duplicates) == (Phase.RECEIVED, 1)
    for record, kind in ((merged, "joined"), (other, "joined_by")):
        assert (await entries_of(record))[-1].kind == kind
        assert await broken_at(record) is None
    (tie,) = await ties_of(other)
    assert (tie.kind, tie.record.reference, tie.ours) == ("duplicate_of", one.reference, False)


async def test_each_is_told_once_of_a_step_in_their_own_way_and_of_their_own_request(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    again = await street.report("Zoe")  # the same person twice
    by_phone = await street.report("Bo", person={"email": "", "phone": "514 555-0199", "preferred_channel": "phone"})
    await street.follow(one, "voisine@exemple.ca")
    await street.follow(other, "zoe@exemple.ca")  # who reports it too
    told = await street.told(street.merge(one, other))
    assert [(to, reference) for to, reference, _ in told] == [("zoe@exemple.ca", one.reference)]
    assert "Une autre personne a signalé le même problème" in told[0][2]
    await street.merge(again, other)
    await street.merge(by_phone, other)
    told = await street.told(street.move(other))
    assert sorted((to, reference) for to, reference, _ in told) == sorted(
        [
            ("by hand", by_phone.reference),
            ("luc@exemple.ca", other.reference),
            ("voisine@exemple.ca", other.reference),
            ("zoe@exemple.ca", one.reference),
        ]
    )
    hers = [text for to, _, text in told if to.startswith("zoe")]
    assert not [text for text in hers if re.search(r"\bLuc\b", text) or other.reference in text]


async def test_who_stopped_messages_hears_nothing(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    await stop(street.host, one.reference)
    assert await street.told(street.merge(one, other)) == []
    assert [to for to, _, _ in await street.told(street.move(other))] == ["luc@exemple.ca"]


async def test_taken_apart_it_stands_where_it_stood_with_those_who_followed_it(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    await street.move(one)
    await street.follow(one, "voisine@exemple.ca")
    await street.follow(other, "autre@exemple.ca")
    before = await street.now(one)
    await street.merge(one, other)
    assert len(await followers_of(street.host, await street.now(other))) == 2
    told = await street.told(street.part(one))
    assert [(to, reference) for to, reference, _ in told] == [("zoe@exemple.ca", one.reference)]
    now = await street.now(one)
    for name in ("state", "phase", "public", "promise", "promised_at", "retention_due_at", "timer_due_at", "closed_at"):
        assert getattr(now, name) == getattr(before, name), name
    assert [each.email for each in await followers_of(street.host, now)] == ["voisine@exemple.ca"]
    assert [each.email for each in await followers_of(street.host, await street.now(other))] == ["autre@exemple.ca"]
    assert (await street.now(other)).duplicates == 0
    assert await ties_of(now) == ()
    assert isinstance(await street.part(one), Denied)


async def test_neither_its_requester_nor_the_others_reads_anything_of_the_other(street):
    one = await street.report("Zoe", answers={"danger": False, "words": "Devant chez moi", "witness": "Yvon"})
    other = await street.report("Luc", answers={"danger": True, "words": "Un cratère", "witness": "Aline"})
    await street.merge(one, other)
    for mine, theirs in ((one, ("Luc", "cratère", "Aline")), (other, ("Zoe", "chez moi", "Yvon"))):
        record = await street.now(mine)
        request_type = street.host.plugins.request_types[record.type]
        shown = present(street.host, record, request_type, HOLDER)
        lines = await story(street.host, record, HOLDER, "fr")
        page = f"{shown} {lines}"
        assert not any(word in page for word in theirs)
        reference = other.reference if mine is one else one.reference
        assert reference not in page
    request_type = street.host.plugins.request_types[one.type]
    shown = present(street.host, await street.now(one), request_type, HOLDER)
    assert (shown.state_title.fr, shown.moves) == ("Jointe à une autre requête", ())


async def test_what_is_merged_takes_no_steps_and_what_others_reported_is_not_taken_back(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    await street.merge(one, other)
    assert isinstance(await street.move(one), Denied)
    assert isinstance(await withdraw(street.host, one.reference, {}), Denied)
    refused = await withdraw(street.host, other.reference, {})
    assert "D’autres personnes" in refused.reason.fr
    await street.part(one)
    assert isinstance(await withdraw(street.host, other.reference, {}), Record)


async def test_the_public_sees_it_once(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    await street.merge(one, other)
    listed = await public_requests(street.host, "parvis", OPEN)
    assert [row.reference for row in listed.rows] == [other.reference]
    request_type = street.host.plugins.request_types["hole"]
    town = street.host.jurisdictions.jurisdiction("parvis")
    near = await similar_open(street.host, town, request_type, one.lon, one.lat)
    assert [each.reference for each in near] == [other.reference]


@pytest.mark.parametrize("case", ["itself", "twice", "into a merged one", "closed", "hidden", "no such", "no rights"])
async def test_what_does_not_merge_is_refused_with_words(street, case):
    one, other, third = [await street.report(name) for name in ("Zoe", "Luc", "Ana")]
    viewer, into = EVERYWHERE, other.reference
    match case:
        case "itself":
            into = one.reference
        case "twice":
            await street.merge(one, third)
        case "into a merged one":
            await street.merge(other, third)
        case "closed":
            await street.move(other, "resolve")
        case "hidden":
            await assign(street.host, one.reference, unit="roads", actor=ANA)
            await assign(street.host, other.reference, unit="parks", actor=ANA)
            viewer = an_agent("roads")
        case "no such":
            into = "0000-0000-0"
        case "no rights":
            viewer = an_agent(rights=("see",))
    before = await street.now(one)
    refused = await merge(street.host, viewer, one.reference, into, actor=ANA)
    assert isinstance(refused, Denied)
    assert refused.reason.fr
    assert refused.reason.en
    assert await street.now(one) == before
    if case == "hidden":  # in the same words as what is not there
        gone = await merge(street.host, viewer, one.reference, "0000-0000-0", actor=ANA)
        assert gone.reason == refused.reason


async def test_what_was_merged_before_goes_along(street):
    one, other, last = [await street.report(name) for name in ("Zoe", "Luc", "Eva")]
    await street.merge(one, other)
    await street.merge(other, last)
    assert (await goes_on_with(await street.now(one))).reference == last.reference
    assert {each.reference for each in await going_on_with(await street.now(last))} == {one.reference, other.reference}
    told = await street.told(street.move(last))
    assert sorted(to for to, _, _ in told) == ["eva@exemple.ca", "luc@exemple.ca", "zoe@exemple.ca"]


async def test_both_ways_at_once_and_three_in_a_circle_leave_one_that_goes_on(street):
    people = [await street.report(name) for name in ("Zoe", "Luc", "Eva")]
    one, other, third = people
    answers = await asyncio.gather(street.merge(one, other), street.merge(other, one))
    assert sorted(type(each).__name__ for each in answers) == ["Denied", "Record"]
    await asyncio.gather(
        street.merge(one, third), street.merge(other, third), street.merge(third, one), street.merge(third, other)
    )
    now = [await street.now(each) for each in people]
    assert sum(each.merged_into is None for each in now) == 1
    (last,) = [each for each in now if each.merged_into is None]
    assert len(await going_on_with(last)) == 2
    assert await broken_at(last) is None


async def test_a_word_of_its_requester_is_noted_where_it_goes_on(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    await street.merge(one, other)
    await receive(street.host, one.reference, "C’est encore plus grand!")
    last = (await entries_of(await street.now(other)))[-1]
    assert (last.kind, last.audience, last.personal["other"]) == ("word_along", "internal", one.reference)
    assert "plus grand" not in str(last)


async def test_it_is_forgotten_by_its_own_rule_but_not_while_its_requester_is_still_to_be_told(street):
    with clock.moved_to(clock.now()) as time:
        one, other, third = [await street.report(name) for name in ("Zoe", "Luc", "Eva")]
        await street.merge(one, other)
        await street.merge(other, third)
        time.forward(days=400)
        assert await due_for_destruction(street.host) == ()
        await street.move(third, "resolve")
        due = {line.reference for line in await due_for_destruction(street.host)}
        assert due == {one.reference, other.reference}
        await erase(street.host, one.reference, actor=ANA)
        assert {each.reference for each in await going_on_with(await street.now(third))} == {other.reference}
        assert (await goes_on_with(await street.now(one))).reference == third.reference
        assert clock.now() + timedelta(days=365) == (await street.now(third)).retention_due_at


async def test_a_conflict_is_told_and_nothing_is_half_done(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    seen = one.version
    await assign(street.host, one.reference, unit="roads", actor=ANA)
    answer = await street.merge(one, other, expected=seen)
    assert answer.version == seen + 1
    assert (await street.now(other)).duplicates == 0
    assert (await street.now(other)).version == other.version


async def test_a_merged_one_is_not_made_another_type(street):
    one, other = await street.report("Zoe"), await street.report("Luc")
    await street.merge(one, other)
    refused = await amend(street.host, one.reference, type="quarrel", actor=ANA)
    assert isinstance(refused, Problems)
    assert (await street.now(one)).type == "hole"


@pytest.mark.parametrize("seed", range(8))
async def test_however_reports_are_merged_and_parted_all_who_were_told_are_told(street, seed):
    drawn = random.Random(seed)
    names = ["Zoe", "Luc", "Eva", "Bo", "Max"]
    reports = [await street.report(drawn.choice(names)) for _ in range(drawn.randint(2, 5))]
    for record in reports:
        for name in drawn.sample(names, drawn.randint(0, 2)):
            await street.follow(record, f"{name.lower()}@exemple.ca")
        if drawn.random() < 0.2:
            await stop(street.host, record.reference)

    async def reached():
        """Everybody who is told when all that is still to be done is done."""
        open_ones = [each for each in [await street.now(one) for one in reports] if each.merged_into is None]
        told = [to for each in open_ones for to, _, _ in await street.told(note_move(each))]
        return set(told)

    def note_move(record):
        moved = {"received": "start", "working": "resolve", "done": "reopen"}[record.state]
        return make_move(street.host, record.reference, moved, {}, actor=ANA, mover="manager")

    before = await reached()
    for _ in range(6):
        now = [await street.now(one) for one in reports]
        doing = drawn.choice(("merge", "merge", "part"))
        if doing == "merge":
            one, other = drawn.sample(now, 2)
            await street.merge(one, other)
        else:
            await street.part(drawn.choice(now))
        for each in now:
            assert await broken_at(await street.now(each)) is None
    assert await reached() == before
