"""Business time for many pairs is the same as for one."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from parvis.jurisdictions.calendars import BusinessCalendar, OpenTime, business_days_between, quantile

CALENDAR = BusinessCalendar(weekly=(((510, 990),),) * 4 + (((510, 720), (780, 930)), (), ()))


def test_every_pair_of_instants_counts_as_the_calendar_counts_it():
    drawn = random.Random(7)
    first = datetime(2026, 10, 20, tzinfo=UTC)
    last = first + timedelta(days=40)
    time = OpenTime(CALENDAR, first, last)
    for _ in range(300):
        start = first + timedelta(minutes=drawn.uniform(0, 40 * 1440))
        end = first + timedelta(minutes=drawn.uniform(0, 40 * 1440))
        start, end = min(start, end), max(start, end)
        wanted = business_days_between(CALENDAR, start, end)
        assert time.days_between(start, end) == pytest.approx(wanted, abs=1e-6)


def test_a_short_friday_is_a_day_as_monday_is_one():
    monday, friday = datetime(2026, 11, 2, 12, tzinfo=UTC), datetime(2026, 11, 6, 23, tzinfo=UTC)
    week = OpenTime(CALENDAR, monday, friday)
    assert week.days_between(monday, friday) == pytest.approx(5)
    assert week.days_between(friday - timedelta(days=1), friday) == pytest.approx(1)


def test_a_town_that_is_never_open_still_counts_days():
    closed = BusinessCalendar(weekly=((),) * 7)
    first = datetime(2026, 11, 2, tzinfo=UTC)
    assert OpenTime(closed, first, first + timedelta(days=3)).days_between(first, first + timedelta(days=2)) == 0


@pytest.mark.parametrize(
    ("values", "share", "wanted"),
    [([], 0.5, None), ([4], 0.9, 4), ([3, 1, 2], 0.5, 2), ([1, 2], 0.5, 1.5), (list(range(11)), 0.9, 9)],
)
def test_quantiles(values, share, wanted):
    assert quantile(values, share) == wanted
