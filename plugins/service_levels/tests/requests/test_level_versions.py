"""Levels in versions: what is put in force is promised from then on, and what was promised says by which version."""

from datetime import timedelta
from random import Random

import pytest
from msgspec import structs, to_builtins

from parvis import clock
from parvis.i18n import speaking
from parvis.jurisdictions.levels import LevelRule
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.history import entries_of
from parvis.requests.levels import Because, StandingLevels
from parvis.requests.promises.replaying import replay, same
from parvis.requests.timeline import request_types_at
from parvis.web.promise import level_words
from parvis_rulesets.editing import adding, moving, removing, replacing, sign_of
from parvis_rulesets.versions import change_draft, draft_of, in_force, publish, roll_back, versions_of
from parvis_service_levels.escalation import Escalation, WatchedLevels
from parvis_service_levels.kept import LEVELS
from parvis_service_levels.raising import raise_due
from parvis_testing.prioritising import prioritise

from .test_levels import MONDAY, PLATEAU, ROSEMONT, RULES, as_now, the_clock, with_levels

ANA = Actor(kind="agent", id="ana", name="Ana")
EIGHT = LevelRule(id="eight", type="hole", level="usual", business_days=8)
THREE = LevelRule(id="three", type="hole", level="usual", zones=("plateau",), business_days=3)


@pytest.fixture
def town(town):
    """A town whose files promise nothing instead of its types."""
    return with_levels(town)


@pytest.fixture
def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


async def put(town, here, edit):
    draft = await change_draft(LEVELS, town.host, here, edit, actor=ANA)
    seen = (await in_force(LEVELS, town.host, here)).version
    return await publish(LEVELS, town.host, here, "Essai", edition=draft.edition, seen=seen, actor=ANA)


def words_of(shown, request_type, here):
    with speaking("fr"):
        return level_words(shown, request_type, here)


async def test_what_is_put_in_force_is_promised_from_then_on_and_what_ran_keeps_its_promise(town, here, hole):
    with clock.moved_to(MONDAY):
        before = (await town.submit()).reference
        was = await the_clock(town, before)
        assert await put(town, here, adding(EIGHT)) == 2
        after = await the_clock(town, (await town.submit()).reference)
        assert await the_clock(town, before) == was
    assert (was.allowance.business_days, was.because) == (5, Because())
    assert (after.allowance.business_days, after.because) == (8, Because(line=1, version=2, type="hole"))
    assert words_of(after, hole, here).endswith("(règle 1, version 2)")
    assert [each.word for each in await versions_of(LEVELS, here)] == [
        "Essai",
        "Niveaux de service des fichiers de la ville",
    ]


async def test_a_line_names_the_version_that_gave_it_whatever_is_put_in_force_later(town, here, hole):
    with clock.moved_to(MONDAY):
        await put(town, here, adding(EIGHT))
        reference = (await town.submit()).reference
        said = words_of(await the_clock(town, reference), hole, here)
        await put(town, here, adding(THREE))
        await put(town, here, moving("three", "up"))
        await put(town, here, removing("eight", sign_of(EIGHT)))
        shown = await the_clock(town, reference)
        assert words_of(shown, hole, here) == said
        told = (await entries_of(await town.record(reference)))[0].body["levels"]["usual"]
        assert told["because"] == {"line": 1, "version": 2, "type": "hole"}
        version = next(each for each in await versions_of(LEVELS, here) if each.number == 2)
        assert version.body.rules[0] == EIGHT


async def test_where_no_line_fits_the_type_promises_and_the_version_that_said_nothing_is_named(town, here, hole):
    await put(town, here, adding(structs.replace(EIGHT, type="quarrel")))
    shown = await the_clock(town, (await town.submit()).reference)
    assert shown.because == Because(version=2)
    assert words_of(shown, hole, here).endswith("(aucune règle de la version 2 ne s’applique)")


async def test_what_a_delay_depends_on_changes_it_by_the_levels_in_force_then(town, here):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit(place=to_builtins(ROSEMONT))).reference
        await put(town, here, adding(THREE))
        time.forward(hours=1)
        await prioritise(town.host, reference, 1, actor=ANA)
        assert (await the_clock(town, reference)).allowance.business_days == 5
        moved = await amend(town.host, reference, place=PLATEAU, actor=ANA)
    shown = await the_clock(town, reference)
    assert (shown.allowance.business_days, shown.because.version, shown.because.line) == (3, 2, 1)
    assert moved.promised_at == shown.due_at


async def test_a_town_that_takes_its_last_line_back_counts_anew_by_its_types(town):
    leveled = with_levels(town, *RULES)
    here = leveled.host.jurisdictions.jurisdiction("parvis")
    with clock.moved_to(MONDAY) as time:
        reference = (await leveled.submit()).reference
        now = (await in_force(LEVELS, leveled.host, here)).body
        await put(leveled, here, replacing(WatchedLevels(escalation=now.escalation), sign_of(now)))
        time.forward(hours=1)
        await amend(leveled.host, reference, place=ROSEMONT, actor=ANA)
    shown = await the_clock(leveled, reference)
    assert (shown.allowance.business_days, shown.because) == (5, Because(version=2))


async def test_the_files_come_back_letter_by_letter_and_promise_again(town):
    leveled = with_levels(town, *RULES)
    here = leveled.host.jurisdictions.jurisdiction("parvis")
    await put(leveled, here, adding(EIGHT))
    assert await roll_back(LEVELS, leveled.host, here, 1, seen=2, actor=ANA) == 3
    newest, _, first = await versions_of(LEVELS, here)
    assert (newest.body, newest.back_to) == (first.body, 1)
    assert [structs.replace(rule, id="") for rule in first.body.rules] == list(RULES)
    with clock.moved_to(MONDAY):
        shown = await the_clock(leveled, (await leveled.submit()).reference)
    assert (shown.because.line, shown.because.version) == (3, 3)


async def test_another_process_promises_by_the_new_version_within_seconds_and_asks_nothing_meanwhile(town, here):
    with clock.moved_to(MONDAY) as time:
        elsewhere = await in_force(LEVELS, town.host, here)
        await put(town, here, adding(EIGHT))
        town.host.of(StandingLevels)[here.code] = elsewhere
        assert (await the_clock(town, (await town.submit()).reference)).allowance.business_days == 5
        time.forward(seconds=6)
        assert (await the_clock(town, (await town.submit()).reference)).allowance.business_days == 8


async def no_chiefs(_town):
    return {}


async def test_who_wants_to_be_warned_later_is_and_nothing_is_written_before(town, here):
    with clock.moved_to(MONDAY) as time:
        reference = (await town.submit()).reference
        planned = (await the_clock(town, reference)).next_at
        now = await in_force(LEVELS, town.host, here)
        later = structs.replace(now.body, escalation=Escalation(warn_hours=2, after=(0,)))
        await put(town, here, replacing(later, sign_of(now.body)))
        time.forward(planned - clock.now() + timedelta(minutes=1))
        assert await raise_due(town.host, no_chiefs) == 0
        assert [each.kind for each in await entries_of(await town.record(reference))] == ["submitted"]
        shown = await the_clock(town, reference)
        assert planned < shown.next_at < shown.due_at
        time.forward(shown.next_at - clock.now() + timedelta(minutes=1))
        assert await raise_due(town.host, no_chiefs) == 1
        assert (await entries_of(await town.record(reference)))[-1].kind == "warned"


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_put_in_force_the_history_alone_tells_the_clocks_and_the_versions_they_are_of(town, seed):
    chance, leveled = Random(seed), with_levels(town, *RULES)
    here = leveled.host.jurisdictions.jurisdiction("parvis")
    made, pinned = [], {}
    for step in range(14):
        with clock.moved_to(MONDAY + timedelta(hours=5 * step)):
            match chance.randrange(5):
                case 0 | 1:
                    place = to_builtins(chance.choice((PLATEAU, ROSEMONT)))
                    made.append((await leveled.submit(place=place)).reference)
                case 2 if made:
                    await prioritise(leveled.host, chance.choice(made), chance.randrange(3), actor=ANA)
                case 3:
                    line = LevelRule(id=f"l{step}", type="*", business_days=chance.randrange(1, 20))
                    await put(leveled, here, chance.choice((adding(line), moving("file-2", "up"))))
                case _:
                    number = (await in_force(LEVELS, leveled.host, here)).version
                    if number > 1:
                        back = chance.randrange(1, number)
                        await roll_back(LEVELS, leveled.host, here, back, seen=number, actor=ANA)
            versions = {each.number: each.body.rules for each in await versions_of(LEVELS, here)}
            for reference in made:
                record = await leveled.record(reference)
                entries, stored = await entries_of(record), await clocks_of(record.id)
                request_types = await request_types_at(leveled.host, record, entries)
                assert same(replay(entries, request_types, here, clock.now()).clocks, [as_now(each) for each in stored])
                shown = shown_of(stored)
                rules = versions.get(shown.because.version, RULES)
                if shown.because.line:
                    assert (rules[shown.because.line - 1].business_days or 0) == shown.allowance.business_days
                begun = [entry.body["levels"] for entry in entries if "levels" in entry.body]
                assert pinned.setdefault((reference, len(begun)), begun) == begun
    assert await draft_of(LEVELS, here) is None
