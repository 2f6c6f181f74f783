"""Other lines tried on the past: the same as clocks made by them would have come to, for every way to count a delay."""

from datetime import timedelta
from random import Random

import pytest
from msgspec import to_builtins

from parvis import clock
from parvis.jurisdictions.levels import LevelRule
from parvis.requests.clocks.clocks import Clock, after_move, clocks_of, due, resting, running_again, shown_of
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.promising import pause, resume
from parvis_sdk.request_types import ServiceLevel
from parvis_sdk.requests import Phase, Place
from parvis_sdk.text import Text
from parvis_service_levels.trying import Amount, try_lines
from parvis_testing.prioritising import prioritise

from .test_what_if import ALL, ANA, OCTOBER, YEAR

OWN = {("hole", "usual"): Amount(business_days=5), ("hole", "danger"): Amount(hours=24)}
PLATEAU = Place(lon=-73.5807, lat=45.5236, address="1234, rue Rachel Est")
ROSEMONT = Place(lon=-73.5850, lat=45.5480, address="6000, rue Saint-Denis")


def came(stored: Clock, amount: Amount, calendar, now) -> bool | None:
    """Whether a promise of so much time would have been kept, by the clock itself; None while one cannot know."""
    level = ServiceLevel(code="tried", title=Text(fr="Essai", en="Trial"), until="closed", **amount._asdict())
    tried = Clock(
        id=stored.id,
        code="tried",
        state="running",
        shown=True,
        until="closed",
        allowance=level,
        started_at=stored.started_at,
        due_at=due(level, calendar, stored.started_at),
    )
    for rest in stored.rests:
        if rest.since > tried.due_at:
            return False
        tried = resting(tried, rest.since)
        if rest.until is None or (stored.ended_at is not None and rest.until >= stored.ended_at):
            break
        tried = running_again(tried, calendar, rest.until)
    if stored.ended_at is not None:
        return after_move(tried, Phase.CLOSED, calendar, stored.ended_at).state == "met"
    return False if tried.state == "running" and now > tried.due_at else None


async def lived(town, chance):
    """Requests that rested, moved and were closed at all hours."""
    at, made = OCTOBER + timedelta(minutes=chance.randrange(60 * 24 * 20)), []
    with clock.moved_to(at) as time:
        place = chance.choice((PLATEAU, ROSEMONT))
        made.append((await town.submit(place=to_builtins(place))).reference)
        for _ in range(chance.randrange(3)):
            time.forward(minutes=chance.randrange(60 * 60))
            await pause(town.host, made[0], "weather", "", actor=ANA)
            time.forward(minutes=chance.randrange(60 * 100))
            if chance.random() < 0.9:
                await resume(town.host, made[0], actor=ANA)
        if chance.random() < 0.3:
            await prioritise(town.host, made[0], 2, actor=ANA)
        time.forward(minutes=chance.randrange(60 * 24 * 14))
        if chance.random() < 0.8:
            await make_move(town.host, made[0], "resolve", {}, actor=ANA, mover="agent")
    return made[0]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("measure", ["business_days", "business_hours", "hours"])
async def test_every_line_gives_what_clocks_made_by_it_would_have(town, seed, measure):
    chance = Random(seed)
    records = [await town.record(await lived(town, chance)) for _ in range(20)]
    here, now = town.host.jurisdictions.jurisdiction("parvis"), OCTOBER + timedelta(days=60)
    stored = {record.reference: shown_of(await clocks_of(record.id)) for record in records}
    for most in {"business_days": (2, 9), "business_hours": (7, 30), "hours": (40, 200)}[measure]:
        other = Amount(**{measure: most})
        line = LevelRule(id="l", type="hole", level="usual", zones=("plateau",), priorities=(0,), **{measure: most})
        with clock.moved_to(now):
            trial = await try_lines(ALL, YEAR, here, OWN, (), (line,))
        assert (trial.tried, trial.cut) == (20, False)
        fitting = [one for one in records if one.lat == PLATEAU.lat and one.priority == 0]
        ways = [
            tuple(came(stored[one.reference], amount, here.calendar, now) for amount in (OWN["hole", "usual"], other))
            for one in fitting
        ]
        # What one cannot know yet by the one is left out of both.
        ways = [way for way in ways if None not in way]
        (change,) = trial.changes
        assert (change.number, change.before, change.after) == (1, OWN["hole", "usual"], other)
        assert (change.promises, change.counted) == (len(fitting), len(ways))
        assert (change.kept_before, change.kept_after) == tuple(sum(each) for each in zip(*ways, strict=True))


async def test_a_line_that_is_moved_down_or_taken_out_is_told_by_what_holds_then(town):
    with clock.moved_to(OCTOBER) as time:
        for _ in range(3):
            await town.submit()
        time.forward(days=30)
        here = town.host.jurisdictions.jurisdiction("parvis")
        slow = LevelRule(id="s", type="hole", level="usual", business_days=9)
        fast = LevelRule(id="f", type="*", level="usual", zones=("plateau",), business_days=1)
        gone = await try_lines(ALL, YEAR, here, OWN, (slow,), ())
        moved = await try_lines(ALL, YEAR, here, OWN, (slow, fast), (fast, slow))
        same = await try_lines(ALL, YEAR, here, OWN, (slow, fast), (slow,))
    assert [(each.number, each.before.business_days, each.after.business_days) for each in gone.changes] == [(0, 9, 5)]
    assert [(each.number, each.after.business_days, each.promises) for each in moved.changes] == [(1, 1, 3)]
    assert same.changes == ()
