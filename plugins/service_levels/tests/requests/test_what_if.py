"""Other levels tried on the past: the same as promises really made with them would have come to."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from parvis import clock
from parvis.access_scope import Area, Scope
from parvis.db import counted, transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import Actor
from parvis.requests.amendments import assign
from parvis.requests.clocks.clocks import Clock, after_move, due, resting, running_again, shown_of
from parvis.requests.clocks.clocks import clocks_of as clocks_of
from parvis.requests.lifecycle import make_move
from parvis.requests.promises.promising import pause, resume
from parvis.selection import Period
from parvis_sdk.request_types import ServiceLevel
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_service_levels.what_if import PromiseFilter, try_levels

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
OCTOBER = datetime(2026, 10, 19, 13, tzinfo=UTC)  # before a change of hour
ALL = Scope(jurisdiction="parvis")
YEAR = Period(since=datetime(2026, 10, 1, tzinfo=UTC), until=datetime(2027, 3, 1, tzinfo=UTC))


def slowly(stored: Clock, days: int, calendar, now) -> bool | None:
    """Whether a promise of so many days would have been kept, by the clock itself; None while one cannot know."""
    level = ServiceLevel(code="tried", title=Text(fr="Essai", en="Trial"), business_days=days, until="closed")
    begun = {"state": "running", "shown": True, "until": "closed", "allowance": level, "code": "tried"}
    start = stored.started_at
    tried = Clock(id=stored.id, **begun, started_at=start, due_at=due(level, calendar, start))
    for rest in stored.rests:
        if rest.since > tried.due_at:
            return False
        tried = resting(tried, rest.since)
        if rest.until is None or (stored.ended_at is not None and rest.until >= stored.ended_at):
            break
        tried = running_again(tried, calendar, rest.until)
    if stored.ended_at is not None:
        return after_move(tried, Phase.CLOSED, calendar, stored.ended_at).state == "met"
    if tried.state == "running" and now > tried.due_at:
        return False
    return None


@pytest.mark.parametrize("seed", range(5))
async def test_every_number_of_days_gives_what_clocks_made_with_it_would_have(town, seed):
    chance, references = Random(seed), []
    for _ in range(25):
        at = OCTOBER + timedelta(minutes=chance.randrange(60 * 24 * 20))
        with clock.moved_to(at) as time:
            reference = (await town.submit()).reference
            references.append(reference)
            for _ in range(chance.randrange(3)):
                time.forward(minutes=chance.randrange(60 * 60))
                await pause(town.host, reference, "weather", "", actor=ANA)
                time.forward(minutes=chance.randrange(60 * 100))
                if chance.random() < 0.9:
                    await resume(town.host, reference, actor=ANA)
            time.forward(minutes=chance.randrange(60 * 24 * 14))
            if chance.random() < 0.8:
                await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    now, calendar = OCTOBER + timedelta(days=60), town.host.jurisdictions.jurisdiction("parvis").calendar
    with clock.moved_to(now):
        with counted() as statements:
            trial = await try_levels(ALL, YEAR, calendar, PromiseFilter())
        assert statements.count == 2
        columns = dict.fromkeys((ServiceRequest.days_promised, ServiceRequest.days_needed))
        async with transaction(town.host.engine):
            await ServiceRequest.update(columns).where(ServiceRequest.jurisdiction == "parvis")
        assert await try_levels(ALL, YEAR, calendar, PromiseFilter()) == trial  # nothing counted when it was closed
    stored = [shown_of(await clocks_of((await town.record(each)).id)) for each in references]
    for point in trial.points[:25]:
        came = [slowly(each, point.days, calendar, now) for each in stored]
        assert (point.kept, point.counted) == (came.count(True), came.count(True) + came.count(False)), point.days


async def test_nine_in_ten_and_only_what_one_may_see(town):
    with clock.moved_to(OCTOBER) as time:
        roads, noise = [], (await town.submit()).reference
        await assign(town.host, noise, unit="noise", actor=ANA)
        for _ in range(10):
            reference = (await town.submit()).reference
            await assign(town.host, reference, unit="roads", actor=ANA)
            roads.append(reference)
        (await town.submit(answers={"danger": True}))
        for number, reference in enumerate(roads):
            time.forward(days=1)
            if number < 9:
                await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
        calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
        mine = Scope(jurisdiction="parvis", areas=(Area(units=frozenset({"roads"})),))
        seen = await try_levels(mine, YEAR, calendar, PromiseFilter())
        whole = await try_levels(ALL, YEAR, calendar, PromiseFilter(type="hole"))
        nothing = await try_levels(ALL, YEAR, calendar, PromiseFilter(zone="outremont"))
    assert (seen.usual, seen.still_open, seen.at(5).counted) == (5, 1, 10)
    assert seen.nine_in_ten() == 7  # nine days later, weekends apart; the tenth is open since longer
    assert (whole.at(1).counted, whole.in_hours) == (11, 1)
    assert (nothing.at(5).counted, nothing.nine_in_ten()) == (0, None)
