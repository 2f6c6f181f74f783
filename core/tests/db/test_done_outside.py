"""What a unit of work needs from outside: all is rolled back, that is done, and the unit begins again."""

import pytest

from parvis.db import done_outside, in_transaction, in_transaction_of_its_own, same_each_time, transaction
from parvis.db.transaction import MOST_KNOWN

pytestmark = pytest.mark.both_engines


async def test_what_is_needed_first_is_done_outside_and_the_unit_begins_again(engine, pebbles):
    attempts, outside = [], []

    async def work():
        outside.append(in_transaction(engine))
        return len(outside)

    async def make():
        attempts.append(await pebbles.count())
        await pebbles.insert(pebbles())
        return [done_outside("a", work), done_outside("b", work), done_outside("a", work)]

    assert await in_transaction_of_its_own(engine, make) == [1, 2, 1]
    assert (attempts, outside) == ([0, 0, 0], [False, False])
    assert await pebbles.count() == 1


async def test_what_is_made_by_chance_stays_as_it_was_and_no_longer_than_the_unit(engine):
    made = []

    async def work():
        return True

    async def make():
        return same_each_time("code", lambda: made.append(1) or len(made)) if done_outside("a", work) else 0

    async def again():
        first = same_each_time("code", lambda: made.append(1) or len(made))
        done_outside("a", work)
        return first

    assert await in_transaction_of_its_own(engine, again) == 1
    assert await in_transaction_of_its_own(engine, make) > 1


async def test_nothing_is_done_outside_where_the_unit_cannot_begin_again(engine):
    async def work():
        raise AssertionError("nobody asked for it")

    async with transaction(engine):
        assert done_outside("a", work) is None
    assert done_outside("a", work) is None


async def test_a_unit_that_needs_ever_more_comes_to_an_end(engine):
    done = []

    async def work():
        done.append(1)
        return True

    async def make():
        return done_outside(f"{len(done)}", work)

    assert await in_transaction_of_its_own(engine, make) is None
    assert len(done) == MOST_KNOWN


async def test_work_that_fails_outside_leaves_nothing_behind(engine, pebbles):
    async def work():
        return 1 / 0

    async def make():
        await pebbles.insert(pebbles())
        return done_outside("a", work)

    with pytest.raises(ZeroDivisionError):
        await in_transaction_of_its_own(engine, make)
    assert await pebbles.count() == 0
    assert not in_transaction(engine)
