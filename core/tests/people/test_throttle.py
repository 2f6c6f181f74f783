"""Counted tries."""

import asyncio
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import Engine
from parvis.db.people_tables import Attempt
from parvis.people import throttle
from parvis.people.throttle import LONGEST, TOLD_FROM, Pace, forget_tries, key_of, sweep_tries, take_try

HOUR = timedelta(hours=1)


async def test_tries_are_counted_within_a_window_and_begin_anew_after_it(database: Engine) -> None:
    with clock.moved_to(clock.now()) as moved:
        assert [await take_try(database, "k", 2, HOUR) for _ in range(4)] == [True, True, False, False]
        assert await take_try(database, "other", 2, HOUR)
        moved.forward(minutes=59)
        assert not await take_try(database, "k", 2, HOUR)
        moved.forward(minutes=1)
        assert [await take_try(database, "k", 2, HOUR) for _ in range(3)] == [True, True, False]
        await forget_tries(database, "k", "unheard of")
        assert await take_try(database, "k", 2, HOUR)


async def test_tries_at_the_same_time_are_all_counted(database: Engine) -> None:
    answers = await asyncio.gather(*(take_try(database, "k", 5, HOUR) for _ in range(20)))
    assert sum(answers) == 5


async def test_what_is_kept_says_nothing_of_whom(database: Engine) -> None:
    await take_try(database, key_of("sign-in", "claire@parvis.example"), 5, HOUR)
    assert "claire" not in str(await Attempt.select())
    assert key_of("a", "bc") != key_of("ab", "c") != key_of("a", "b", "c")
    assert len(key_of("sign-in", "x" * 9000)) < 200


async def test_windows_that_are_over_are_swept(database: Engine) -> None:
    with clock.moved_to(clock.now()) as moved:
        await take_try(database, "old", 5, HOUR)
        moved.forward(minutes=30)
        await take_try(database, "young", 5, HOUR)
        moved.forward(minutes=45)
        assert await sweep_tries(database) == 1
        assert [row["key"] for row in await Attempt.select()] == ["young"]


def calls(pace: Pace, how_many: int, caller: str = "198.18.0.1", limit: int = 100) -> list[bool]:
    return [pace.allows("read", caller, limit, LONGEST, clock.now()) for _ in range(how_many)]


async def test_who_calls_several_processes_has_the_limit_of_one(database: Engine) -> None:
    here, there, later = Pace(), Pace(), Pace()
    with clock.moved_to(clock.now()) as moved:
        assert calls(here, 60) == [True] * 60
        assert calls(there, 30) == [True] * 30
        for _ in range(2):
            await here.exchange(database)
            await there.exchange(database)
        assert calls(there, 11) == [True] * 10 + [False]
        await there.exchange(database)
        await here.exchange(database)
        assert calls(here, 1) == [False]
        await later.exchange(database)  # a process that has just been started
        assert calls(later, 1) == [False]
        assert calls(later, 1, caller="198.18.0.2") == [True]
        moved.forward(minutes=10)
        for each in (here, there, later):
            await each.exchange(database)
            assert calls(each, 1) == [True]


async def test_nothing_is_written_of_callers_who_stay_far_below_the_limit(database: Engine) -> None:
    here = Pace()
    calls(here, 100 // TOLD_FROM - 1)
    await here.exchange(database)
    assert await Attempt.select() == []
    calls(here, 1)
    await here.exchange(database)
    await here.exchange(database)
    assert [row["count"] for row in await Attempt.select()] == [10]
    assert "198.18." not in str(await Attempt.select())


async def test_calls_are_told_when_the_database_is_back(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = Pace(), Pace()
    calls(here, 100)
    with monkeypatch.context() as away:
        away.setattr(Attempt, "raw", None)
        with pytest.raises(TypeError):
            await here.exchange(database)
    await here.exchange(database)
    await there.exchange(database)
    assert calls(there, 1) == [False]


async def told(database: Engine, callers: list[str]) -> None:
    there = Pace()
    for each in callers:
        calls(there, 100, caller=each)
    await there.exchange(database)


async def test_no_more_callers_are_taken_over_than_are_kept(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "MOST_CALLERS", 5)
    here, callers = Pace(), [f"198.18.0.{number}" for number in range(10, 18)]
    with clock.moved_to(clock.now()) as moved:
        for several in (callers[:4], callers[4:]):
            await told(database, several)
            moved.forward(minutes=1)
        calls(here, 1)
        await here.exchange(database)
        assert len(here._counts) == 5
        assert [calls(here, 1, caller=each) for each in callers[4:]] == [[False]] * 4
        moved.forward(minutes=10)
        await here.exchange(database)
        assert not here._counts


async def test_the_wrong_clock_of_another_machine_shuts_nobody_out(database: Engine) -> None:
    here, callers = Pace(), ["198.18.0.1", "198.18.0.2"]
    calls(here, 1, caller=callers[0])
    with clock.moved_to(clock.now() + HOUR):
        await told(database, callers)
    await here.exchange(database)
    assert [calls(here, 1, caller=each) for each in callers] == [[True], [True]]
    assert max(each.ends for each in here._counts.values()) <= clock.now() + LONGEST


async def test_nobody_is_shut_out_for_longer_than_the_window_of_what_they_call(database: Engine) -> None:
    known, unknown, there, short = Pace(), Pace(), Pace(), timedelta(minutes=1)
    with clock.moved_to(clock.now()) as moved:
        assert known.allows("short", "", 2, short, clock.now())
        with clock.moved_to(clock.now() + 5 * short):  # as the clock of that machine says
            there.allows("short", "", 1, short, clock.now())
            await there.exchange(database)
        for each in (known, unknown):
            await each.exchange(database)
            assert each.allows("short", "", 2, short, clock.now())
            assert [each.allows("short", "", 2, short, clock.now()) for _ in range(2)][-1] is False
        moved.forward(minutes=1)
        for each in (known, unknown):
            await each.exchange(database)
            assert each.allows("short", "", 2, short, clock.now())
