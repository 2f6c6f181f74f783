"""When to try again."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from parvis.outbox.circuits import LONGEST_ASKED, OUTSIDE, OWN_FAULT, next_try

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def wait(attempts, **more):
    return next_try(attempts, now=NOW, **{"luck": 1.0, **more}) - NOW


def test_each_wait_is_twice_the_one_before_until_the_longest():
    waits = [wait(attempts) for attempts in range(1, 14)]
    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)]
    assert all(later == min(2 * earlier, OUTSIDE.longest) for earlier, later in itertools.pairwise(waits))
    assert waits[-1] == timedelta(hours=1)


def test_luck_spreads_the_tries_over_the_second_half_of_the_wait():
    assert wait(5, luck=0.0) == timedelta(seconds=40)
    assert wait(5, luck=0.5) == timedelta(seconds=60)
    assert wait(5, luck=1.0) == timedelta(seconds=80)


def test_what_the_other_side_asks_for_is_kept_to():
    assert wait(1, retry_after=timedelta(minutes=10), luck=0.0) == timedelta(minutes=10)
    assert wait(13, retry_after=timedelta(minutes=10)) == timedelta(hours=1)


def test_nobody_is_left_alone_for_a_year_because_they_asked_for_it():
    assert wait(1, retry_after=timedelta(days=365), luck=0.0) == LONGEST_ASKED


@pytest.mark.parametrize("patience", [OUTSIDE, OWN_FAULT])
def test_patience_has_an_end(patience):
    assert next_try(patience.tries - 1, now=NOW, luck=0.5, patience=patience) is not None
    assert next_try(patience.tries, now=NOW, luck=0.5, patience=patience) is None


def test_a_weekend_without_the_other_system_loses_nothing():
    assert sum((wait(attempts, luck=0.0) for attempts in range(1, OUTSIDE.tries)), timedelta()) > timedelta(hours=33)
    assert sum((wait(attempts, luck=0.5) for attempts in range(1, OUTSIDE.tries)), timedelta()) > timedelta(days=2)


def test_no_number_of_attempts_overflows():
    endless = OUTSIDE.__class__(first=OUTSIDE.first, longest=OUTSIDE.longest, tries=10**9)
    assert next_try(10**6, now=NOW, luck=1.0, patience=endless) - NOW == OUTSIDE.longest
