"""Counted tries."""

import asyncio
from datetime import timedelta

from parvis import clock
from parvis.db import Engine
from parvis.db.people_tables import Attempt
from parvis.people.throttle import forget_tries, key_of, sweep_tries, take_try

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
