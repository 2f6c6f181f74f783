"""Rules in versions: a draft that two may write, put in force as it was seen, brought back letter by letter."""

import asyncio
from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.records import find
from parvis_routing.kept import ROUTING, StandingRules, defaulting
from parvis_routing.rules import Rule, Rules, of_files
from parvis_routing.tables import RuleDraft, RuleSet
from parvis_rulesets import versions
from parvis_rulesets.editing import EditConflict, adding, changing, differences, moving, removing, sign_of
from parvis_rulesets.versions import (
    change_draft,
    draft_of,
    drop_draft,
    in_force,
    publish,
    roll_back,
    versions_of,
    versions_within,
)
from parvis_sdk.text import Text

ANA = Actor(kind="agent", id="ana", name="Ana")
LUC = Actor(kind="agent", id="luc", name="Luc")
HOLES = Rule(id="h", types=("hole",), unit="roads")
QUARRELS = Rule(id="q", types=("quarrel",), unit="noise", title=Text(fr="Querelles"))


@pytest.fixture
def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


async def written(town, here, *rules, actor=ANA):
    for rule in rules:
        draft = await change_draft(ROUTING, town.host, here, adding(rule), actor=actor)
    return draft


async def put(town, here, *rules):
    draft = await written(town, here, *rules)
    seen = (await in_force(ROUTING, town.host, here)).version
    return await publish(ROUTING, town.host, here, "Essai", edition=draft.edition, seen=seen, actor=ANA)


async def bodies(here):
    rows = await RuleSet.select().where(RuleSet.jurisdiction == here.code).order_by(RuleSet.number)
    return [row["body"] for row in rows]


async def test_a_draft_begins_with_what_is_in_force_and_routes_nothing(town, here):
    draft = await written(town, here, HOLES)
    assert draft.body.rules == (*of_files(here).rules, HOLES)
    assert (await in_force(ROUTING, town.host, here)).version == 0
    assert (await find(town.host, (await town.submit()).reference)).unit == "citizens"


async def test_what_is_put_in_force_routes_from_then_on_and_the_files_stay_to_be_brought_back(town, here):
    assert await put(town, here, HOLES) == 2
    assert await draft_of(ROUTING, here) is None
    assert (await find(town.host, (await town.submit()).reference)).unit == "roads"
    newest, first = await versions_of(ROUTING, here)
    assert (newest.number, newest.word, newest.by, first.body) == (2, "Essai", "Ana", of_files(here))
    assert await roll_back(ROUTING, town.host, here, 1, seen=2, actor=LUC) == 3
    assert (await find(town.host, (await town.submit()).reference)).unit == "citizens"


async def test_a_version_comes_back_letter_by_letter(town, here):
    await put(town, here, HOLES)
    await put(town, here, QUARRELS)
    assert await roll_back(ROUTING, town.host, here, 2, seen=3, actor=LUC) == 4
    _, second, third, fourth = await bodies(here)
    assert fourth == second != third
    assert (await versions_of(ROUTING, here))[0].back_to == 2
    assert (await in_force(ROUTING, town.host, here)).body == (await versions_of(ROUTING, here))[2].body


async def test_another_process_learns_of_it_within_seconds(town, here):
    with clock.moved_to(clock.now()) as now:
        elsewhere = structs.replace(await in_force(ROUTING, town.host, here))
        await put(town, here, HOLES)
        town.host.of(StandingRules)[here.code] = elsewhere
        assert (await in_force(ROUTING, town.host, here)).version == 0
        now.forward(timedelta(seconds=6))
        assert (await in_force(ROUTING, town.host, here)).version == 2


async def test_two_managers_change_other_rules_and_both_stay(town, here):
    await written(town, here, HOLES, QUARRELS)
    await change_draft(
        ROUTING, town.host, here, changing(structs.replace(HOLES, unit="parks"), sign_of(HOLES)), actor=ANA
    )
    changed = changing(structs.replace(QUARRELS, unit="citizens"), sign_of(QUARRELS))
    draft = await change_draft(ROUTING, town.host, here, changed, actor=LUC)
    assert [rule.unit for rule in draft.body.rules[-2:]] == ["parks", "citizens"]


async def test_the_second_to_change_one_rule_is_shown_what_the_first_wrote(town, here):
    await written(town, here, HOLES)
    parks = structs.replace(HOLES, unit="parks")
    await change_draft(ROUTING, town.host, here, changing(parks, sign_of(HOLES)), actor=ANA)
    late = changing(structs.replace(HOLES, unit="trees"), sign_of(HOLES))
    assert await change_draft(ROUTING, town.host, here, late, actor=LUC) == EditConflict(now=parks)
    assert await change_draft(ROUTING, town.host, here, removing("h", sign_of(HOLES)), actor=LUC) == EditConflict(
        now=parks
    )
    assert (await draft_of(ROUTING, here)).body.rules[-1] == parks
    same_again = await change_draft(ROUTING, town.host, here, changing(parks, sign_of(HOLES)), actor=ANA)
    assert same_again.body.rules[-1] == parks
    gone = await change_draft(ROUTING, town.host, here, removing("h", sign_of(parks)), actor=LUC)
    assert HOLES.id not in {rule.id for rule in gone.body.rules}
    assert await change_draft(ROUTING, town.host, here, changing(parks, sign_of(parks)), actor=ANA) == EditConflict()


async def test_two_who_begin_at_once_write_one_draft(town, here, monkeypatch):
    monkeypatch.setattr(versions, "EDITIONS", 1)  # so that it counts from 0
    await asyncio.gather(
        *(change_draft(ROUTING, town.host, here, adding(rule), actor=ANA) for rule in (HOLES, QUARRELS))
    )
    draft = await draft_of(ROUTING, here)
    assert {"h", "q"} <= {rule.id for rule in draft.body.rules}
    assert draft.edition == 2
    assert await RuleDraft.count() == 1


async def test_what_changed_since_it_was_seen_is_not_put_in_force(town, here):
    seen = await written(town, here, HOLES)
    await written(town, here, QUARRELS, actor=LUC)
    assert await publish(ROUTING, town.host, here, "", edition=seen.edition, seen=0, actor=ANA) == EditConflict()
    assert not await drop_draft(ROUTING, town.host, here, seen.edition)
    assert await RuleSet.count() == 0
    assert await drop_draft(ROUTING, town.host, here, seen.edition + 1)
    assert await draft_of(ROUTING, here) is None


async def test_a_draft_that_was_thrown_away_is_not_taken_for_the_next_one(town, here):
    seen = await written(town, here, HOLES)
    assert await drop_draft(ROUTING, town.host, here, seen.edition)
    theirs = await written(town, here, QUARRELS, actor=LUC)  # with as many changes
    assert not await drop_draft(ROUTING, town.host, here, seen.edition)
    assert await publish(ROUTING, town.host, here, "", edition=seen.edition, seen=0, actor=ANA) == EditConflict()
    assert (await draft_of(ROUTING, here)).body == theirs.body


async def test_what_was_in_force_in_a_period_is_told_however_many_versions_came_since(town, here, monkeypatch):
    monkeypatch.setattr(versions, "MOST_VERSIONS", 1)
    with clock.moved_to(clock.now()) as moved:
        since = clock.now()
        for rule in (HOLES, QUARRELS, structs.replace(HOLES, id="again")):
            await put(town, here, rule)
            moved.forward(days=1)
        until = clock.now()
    days = [(since + timedelta(days=day), since + timedelta(days=day + 1)) for day in (0, 1, 2)]
    told = [
        [each.number for each in await versions_within(ROUTING, here, *period)] for period in (*days, (since, until))
    ]
    assert told == [[1, 2], [2, 3], [3, 4], [1, 2, 3, 4]]
    assert [each.number for each in await versions_of(ROUTING, here)] == [4]


async def test_of_two_who_bring_back_at_once_one_does(town, here):
    await put(town, here, HOLES)
    await put(town, here, QUARRELS)
    answers = await asyncio.gather(*(roll_back(ROUTING, town.host, here, to, seen=3, actor=ANA) for to in (1, 2)))
    assert sorted(str(type(each)) for each in answers) == sorted(str(type(each)) for each in (4, EditConflict()))
    assert len(await bodies(here)) == 4
    assert await roll_back(ROUTING, town.host, here, 99, seen=4, actor=ANA) == EditConflict()


async def test_a_rule_goes_up_and_down_and_the_rest_is_changed_with_it(town, here):
    await written(town, here, HOLES, QUARRELS)
    up = await change_draft(ROUTING, town.host, here, moving("q", "up"), actor=ANA)
    assert [rule.id for rule in up.body.rules[-2:]] == ["q", "h"]
    last = await change_draft(ROUTING, town.host, here, moving("h", "down"), actor=ANA)
    assert (last.body, last.edition) == (up.body, up.edition)
    seen = last.body.default
    other = await change_draft(ROUTING, town.host, here, defaulting("parks", seen), actor=ANA)
    assert other.body.default == "parks"
    assert await change_draft(ROUTING, town.host, here, defaulting("noise", seen), actor=ANA) == EditConflict()
    again = await change_draft(ROUTING, town.host, here, defaulting("parks", seen), actor=ANA)
    assert (again.body, again.edition) == (other.body, other.edition)
    assert await change_draft(ROUTING, town.host, here, moving("gone", "up"), actor=ANA) == EditConflict()


def test_what_two_versions_have_otherwise_names_no_rule_that_only_made_way():
    a, b, c, d = (Rule(id=each, unit=each) for each in "abcd")
    new = Rule(id="n", unit="n")
    before = Rules(rules=(a, b, c, d), default="x")
    after = Rules(rules=(new, a, structs.replace(c, unit="z"), b), default="x")
    found = differences(before, after)
    said = [(each.what, (each.after or each.before).id, each.number_before, each.number) for each in found]
    assert said == [("added", "n", 0, 1), ("changed", "c", 3, 3), ("moved", "b", 2, 4), ("removed", "d", 4, 0)]
    last_first = differences(before, Rules(rules=(d, a, b, c), default="x"))
    assert [(each.what, each.after.id) for each in last_first] == [("moved", "d")]
    assert differences(before, before) == ()
