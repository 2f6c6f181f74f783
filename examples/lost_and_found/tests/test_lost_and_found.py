"""A bicycle is lost, found, claimed and handed over; another one is disposed of."""

from datetime import timedelta

import msgspec
import pytest
from parvis_lost_and_found.alike import ALIKE_PANEL, COUNT_CHORE

from parvis_sdk.testing.chores import done_by
from parvis_sdk.testing.other_requests import CaseFinder
from parvis_sdk.testing.panels import shown_at

SERIAL = "WTU123B"
NEAR = {"lon": -73.58, "lat": 45.52, "address": "4563, rue Saint-Urbain"}
FAR = {"lon": -73.62, "lat": 45.55, "address": "1, rue Loin"}
WHO = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.com"}


def lost(desk, place=NEAR, **answers):
    day = (desk.now - timedelta(days=2)).date().isoformat()
    said = {"sort": "bicycle", "colour": "red", "lost_on": day, **answers}
    return desk.submit("lost_thing", {"answers": said, "place": place, "requester": WHO})


def found(desk, place=NEAR, **answers):
    day = desk.now.date().isoformat()
    said = {"sort": "bicycle", "colour": "red", "found_on": day, "serial": "wtu 123-b", **answers}
    return desk.submit("found_thing", {"answers": said, "place": place, "requester": {"mode": "anonymous"}})


async def matched(desk):
    mine, kept = await lost(desk), await found(desk)
    (proposed,) = desk.proposed
    await desk.accept(proposed)
    return mine, kept


async def test_a_found_bicycle_is_proposed_to_who_lost_one_like_it_near_by(desk):
    mine = await lost(desk)
    await lost(desk, colour="blue")
    await lost(desk, sort="phone")
    await lost(desk, place=FAR)
    kept = await found(desk, found_on=(desk.now - timedelta(days=1)).date().isoformat())
    assert [(each.of, each.proposal.to) for each in desk.proposed] == [(kept.reference, mine.reference)]
    assert mine.state == "received"
    await desk.accept(desk.proposed[0])
    assert mine.state == "matched"
    assert desk.ties == {frozenset((mine.reference, kept.reference))}


async def test_who_comes_after_it_was_found_is_proposed_for_it(desk):
    kept = await found(desk)
    mine = await lost(desk)
    assert [(each.of, each.proposal.to) for each in desk.proposed] == [(mine.reference, kept.reference)]


async def test_a_claim_with_its_number_is_confirmed_and_the_thing_set_aside_and_handed_over(desk):
    mine, kept = await matched(desk)
    await desk.move(mine, "claim", {"serial": "WTU-123 B"}, by="requester")
    assert mine.state == "confirmed"
    await desk.accept(desk.proposed[-1])
    assert kept.state == "set_aside"
    await desk.move(mine, "hand_over")
    await desk.move(kept, "hand_back")
    await desk.wait(days=120)
    assert (mine.state, kept.state) == ("closed", "handed_back")


async def test_a_wrong_number_is_refused_twice_and_then_left_to_people(desk):
    mine, kept = await matched(desk)
    for _ in range(2):
        await desk.move(mine, "claim", {"serial": "XX"}, by="requester")
        assert mine.state == "matched"
    await desk.move(mine, "claim", {"serial": "XX"}, by="requester")
    assert (mine.state, kept.state) == ("claimed", "kept")
    assert "Trois numéros" in mine.notes[-1].fr


async def test_a_number_that_is_wrong_three_times_is_checked_by_people_until_they_decide(desk):
    mine, _ = await matched(desk)
    for _ in range(3):
        await desk.move(mine, "claim", {"serial": "XX"}, by="requester")
    (check,) = desk.tasks
    assert (check.task.title.fr, check.state) == ("Vérifier le numéro de série avec la personne", "open")
    await desk.move(mine, "doubt")
    assert check.state == "done"


async def test_whoever_does_the_task_at_the_counter_has_handed_the_thing_over(desk):
    mine, _ = await matched(desk)
    await desk.move(mine, "claim", {"serial": SERIAL}, by="requester")
    (handing,) = desk.tasks
    await desk.wait(days=20)
    assert handing.escalated == 1
    assert await desk.do_task(handing)
    assert mine.state == "returned"


async def test_a_thing_that_is_looked_for_again_is_handed_over_by_another_task(desk):
    mine, _ = await matched(desk)
    await desk.move(mine, "claim", {"serial": SERIAL}, by="requester")
    await desk.move(mine, "look_on")
    assert [each.state for each in desk.tasks] == ["done"]


async def test_the_number_of_a_found_thing_is_written_plainly_and_told_to_nobody(desk):
    mine, kept = await matched(desk)
    assert kept.submission.answers["serial"] == SERIAL
    await desk.move(mine, "claim", {"serial": "XX"}, by="requester")
    told = [desk.proposed, [each.notes for each in desk.cases], desk.sent]
    words = repr(told) + msgspec.json.encode([each for each in desk.events]).decode()
    assert SERIAL not in words
    assert "wtu" not in words.lower()


@pytest.mark.parametrize(("days", "state"), [(89, "kept"), (90, "disposed")])
async def test_what_nobody_claims_is_disposed_of_after_ninety_days(desk, days, state):
    kept = await found(desk)
    await desk.wait(days=days)
    assert kept.state == state


async def test_nothing_is_proposed_where_the_town_grants_nothing(desk):
    desk.not_granted |= {"match_found", "match_lost", "check_claim"}
    mine, _ = await lost(desk), await found(desk)
    assert desk.proposed == []
    assert mine.state == "received"


async def test_the_desk_sees_what_is_like_a_thing_and_how_many_are_kept(desk):
    mine, kept = await lost(desk), await found(desk)
    await found(desk, place=FAR)
    counted = await done_by(COUNT_CHORE, finder=CaseFinder(desk.cases, COUNT_CHORE.finds), now=desk.now)
    assert counted.remember == {"kept": {"bicycle": 2}}
    desk.kept[desk.name] = counted.remember
    facts, table = await shown_at(desk, mine, ALIKE_PANEL)
    assert facts.rows[0].value == 2
    assert [row[0].reference for row in table.rows] == [kept.reference]


async def test_nothing_alike_is_shown_before_an_operator_grants_it(desk):
    mine, _ = await lost(desk), await found(desk)
    desk.not_granted.add("alike")
    assert len(await shown_at(desk, mine, ALIKE_PANEL)) == 1
