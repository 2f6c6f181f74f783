"""Figures are counted once while nothing changes, and are those of now whenever something does."""

from datetime import timedelta

import pytest

from parvis import clock
from parvis.access_scope import Scope
from parvis.db import counted
from parvis.requests.chores import mark_missed
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.selection import Period
from parvis_dashboards.figures import Narrow, figures
from parvis_dashboards.kept_figures import KEPT_EARLIER, figures_kept
from parvis_dashboards.weekly import A_YEAR
from parvis_testing.desk import ANA

TOWN = Scope(jurisdiction="parvis")
ONCE = 1
WITH_A_YEAR_BEFORE, WITHOUT = 5, 4  # statements that count anew, with the look at what changed


class Counting:
    """Counts as the dashboard does, and beside it what there is."""

    def __init__(self, desk):
        self.host, self.town = desk.host, desk.host.jurisdictions.jurisdiction("parvis")
        self.until = clock.now() + timedelta(days=2)

    async def statements(self):
        """How many statements the kept figures took; they are what is counted anew."""
        period = Period(since=self.until - timedelta(days=90), until=self.until)
        against = Period(since=period.since - A_YEAR, until=period.until - A_YEAR)
        with counted() as asked:
            found = await figures_kept(self.host, self.town, TOWN, period, Narrow(), against=against)
        assert found == await figures(TOWN, period, self.town.calendar, Narrow(), against=against)
        return asked.count


@pytest.fixture
async def counting(desk):
    with clock.moved_to(clock.now() - timedelta(days=400)):
        await desk.request("hole")
    made = Counting(desk)
    await made.statements()
    return made


async def test_figures_are_counted_once_while_nothing_changes(counting):
    assert [await counting.statements() for _ in range(3)] == [ONCE] * 3


async def test_each_change_is_counted_and_leaves_the_year_before_as_it_was(desk, counting):
    record = await desk.request("hole")
    assert [await counting.statements() for _ in range(2)] == [WITHOUT, ONCE]
    for move, mover in (("resolve", "agent"), ("reopen", "manager")):
        await make_move(desk.host, record.reference, move, {}, actor=ANA, mover=mover)
        assert [await counting.statements() for _ in range(2)] == [WITHOUT, ONCE]
    await make_move(desk.host, record.reference, "resolve", {}, actor=ANA, mover="agent")
    await erase(desk.host, record.reference, actor=ANA)
    assert [await counting.statements() for _ in range(2)] == [WITHOUT, ONCE]


async def test_a_change_of_an_old_request_has_the_year_before_counted_anew(desk, counting):
    with clock.moved_to(clock.now() - timedelta(days=380)):
        old = await desk.request("hole")
    await make_move(desk.host, old.reference, "resolve", {}, actor=ANA, mover="agent")
    assert [await counting.statements() for _ in range(2)] == [WITH_A_YEAR_BEFORE, ONCE]


async def test_what_comes_due_is_late_at_once_and_once_it_is_marked(desk, counting):
    record = await desk.request("hole")
    await counting.statements()
    due = (await desk.record(record.reference)).promised_at
    with clock.moved_to(due - timedelta(seconds=20)) as moved:
        await counting.statements()
        assert await counting.statements() == ONCE
        moved.forward(seconds=21)
        await counting.statements()
        await mark_missed(desk.host)
        await counting.statements()


async def test_figures_are_counted_anew_after_a_while_whatever_was_seen(counting):
    with clock.moved_to(clock.now()) as moved:
        await counting.statements()
        moved.forward(minutes=2)
        assert await counting.statements() == WITHOUT
        moved.forward(seconds=KEPT_EARLIER.total_seconds())
        assert await counting.statements() == WITH_A_YEAR_BEFORE


async def test_another_day_is_another_age(counting):
    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert await counting.statements() == WITH_A_YEAR_BEFORE
