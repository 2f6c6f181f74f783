"""Business time: promises fall due on open days, at closing time, whatever the clocks and holidays do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.jurisdictions.calendars import (
    BusinessCalendar,
    ClosedDays,
    add_business_days,
    add_business_time,
    business_time_between,
    closed_days,
    is_business_day,
    is_open,
    local_day,
    next_opening,
)

HERE = ZoneInfo("America/Toronto")
OFFICE = BusinessCalendar()
ALWAYS = BusinessCalendar(weekly=(((0, 1440),),) * 7, holidays="none")
SPLIT = BusinessCalendar(
    weekly=(((540, 720), (780, 990)),) * 4 + (((540, 720),), (), ()),
    construction_holiday=True,
    closings=(ClosedDays(name="Congé des Fêtes", every_year=((12, 24), (12, 31), (1, 2))),),
)
NIGHTS = BusinessCalendar(weekly=(((0, 150), (150, 240), (1320, 1440)),) * 7, holidays="none")
calendars = st.sampled_from([OFFICE, ALWAYS, SPLIT, NIGHTS])
instants = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(0), timedelta(days=40))


def at(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=HERE, fold=fold)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at(2026, 11, 23, 10), 5, at(2026, 11, 30, 16, 30)),  # Monday to Monday
        (at(2026, 11, 23, 10), 0, at(2026, 11, 23, 16, 30)),
        (at(2026, 11, 27, 18), 1, at(2026, 12, 1, 16, 30)),  # Friday evening counts as Monday
        (at(2026, 11, 28, 11), 1, at(2026, 12, 1, 16, 30)),  # so does Saturday
        (at(2026, 11, 23, 6), 1, at(2026, 11, 24, 16, 30)),  # before opening is that day
        (at(2026, 6, 23, 10), 1, at(2026, 6, 25, 16, 30)),  # 24 June
        (at(2026, 4, 2, 10), 1, at(2026, 4, 6, 16, 30)),  # Good Friday, and Easter Monday is not statutory
        (at(2026, 12, 24, 10), 2, at(2026, 12, 29, 16, 30)),  # Christmas and a week-end
        (at(2026, 3, 6, 10), 1, at(2026, 3, 9, 16, 30)),  # over the change of hour in March
        (at(2026, 10, 30, 10), 1, at(2026, 11, 2, 16, 30)),  # and that of November
    ],
)
def test_days_are_counted_to_the_closing_of_the_last(start: datetime, days: int, due: datetime) -> None:
    assert add_business_days(OFFICE, start, days) == due


def test_answers_are_in_utc_and_take_the_hour_of_the_season() -> None:
    winter, summer = add_business_days(OFFICE, at(2026, 3, 5, 9), 1), add_business_days(OFFICE, at(2026, 3, 6, 9), 1)
    assert (winter.isoformat(), summer.isoformat()) == ("2026-03-06T21:30:00+00:00", "2026-03-09T20:30:00+00:00")


def test_a_day_without_clock_change_surprises_has_23_or_25_hours() -> None:
    assert business_time_between(ALWAYS, at(2026, 3, 8), at(2026, 3, 9)) == timedelta(hours=23)
    assert business_time_between(ALWAYS, at(2026, 11, 1), at(2026, 11, 2)) == timedelta(hours=25)


def test_the_second_half_past_one_of_november_comes_an_hour_after_the_first() -> None:
    first, second = at(2026, 11, 1, 1, 30), at(2026, 11, 1, 1, 30, fold=1)
    assert business_time_between(ALWAYS, first, second) == timedelta(hours=1)
    assert add_business_time(ALWAYS, first, timedelta(hours=1)) == second.astimezone(
        UTC
    )  # two zones never agree on a repeated hour


def test_hours_run_only_while_the_town_is_open() -> None:
    friday = at(2026, 11, 27, 15, 30)
    assert add_business_time(OFFICE, friday, timedelta(hours=2)) == at(2026, 11, 30, 9, 30)
    assert business_time_between(OFFICE, friday, at(2026, 11, 30, 9, 30)) == timedelta(hours=2)
    assert add_business_time(SPLIT, at(2026, 11, 23, 11), timedelta(hours=2)) == at(2026, 11, 23, 14)


def test_a_promise_that_ends_at_closing_is_due_at_closing_and_not_next_morning() -> None:
    assert add_business_time(OFFICE, at(2026, 11, 23, 8, 30), timedelta(hours=8)) == at(2026, 11, 23, 16, 30)


def test_the_town_is_open_from_opening_until_just_before_closing() -> None:
    assert is_open(OFFICE, at(2026, 11, 23, 8, 30))
    assert not is_open(OFFICE, at(2026, 11, 23, 16, 30))
    assert not is_open(SPLIT, at(2026, 11, 23, 12, 30))
    assert not is_open(OFFICE, at(2026, 12, 25, 10))


def test_the_next_opening_is_now_when_the_town_is_open() -> None:
    now = at(2026, 11, 23, 10, 12)
    assert next_opening(OFFICE, now) == now
    assert next_opening(OFFICE, at(2026, 12, 24, 20)) == at(2026, 12, 28, 8, 30)


def test_holidays_have_names_in_both_languages() -> None:
    days = closed_days(OFFICE, 2026)
    assert len(days) == 8
    assert days[date(2026, 5, 18)].to("fr") == "Journée nationale des patriotes"
    assert days[date(2026, 5, 18)].to("en") == "National Patriots' Day"
    assert list(days) == sorted(days)


def test_the_town_adds_and_removes_closed_days() -> None:
    good_friday, easter_monday = date(2026, 4, 3), date(2026, 4, 6)
    town = BusinessCalendar(
        closings=(ClosedDays(name="Lundi de Pâques", first=easter_monday, last=easter_monday),),
        open_anyway=frozenset({good_friday}),
    )
    assert is_business_day(town, good_friday)
    assert not is_business_day(town, easter_monday)
    assert closed_days(town, 2026)[easter_monday].fr == "Lundi de Pâques"
    assert easter_monday not in closed_days(town, 2027)


def test_a_closing_over_new_year_closes_days_of_both_years() -> None:
    town = BusinessCalendar(closings=(ClosedDays(name="Fêtes", first=date(2026, 12, 24), last=date(2027, 1, 4)),))
    assert add_business_days(town, at(2026, 12, 23, 10), 1) == at(2027, 1, 5, 16, 30)


def test_a_closing_on_29_february_exists_in_leap_years_only() -> None:
    town = BusinessCalendar(closings=(ClosedDays(name="Jour rare", every_year=((2, 29),)),), holidays="none")
    assert closed_days(town, 2027) == {}
    assert list(closed_days(town, 2028)) == [date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("year", "first", "last"),
    [
        (2023, date(2023, 7, 23), date(2023, 8, 5)),
        (2024, date(2024, 7, 21), date(2024, 8, 3)),
        (2025, date(2025, 7, 20), date(2025, 8, 2)),
        (2026, date(2026, 7, 19), date(2026, 8, 1)),
    ],
)
def test_the_construction_holiday_is_the_last_two_full_weeks_of_july(year: int, first: date, last: date) -> None:
    days = list(closed_days(BusinessCalendar(holidays="none", construction_holiday=True), year))
    assert (days[0], days[-1], len(days)) == (first, last, 14)


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    never = BusinessCalendar(weekly=((),) * 7)
    with pytest.raises(ValueError, match="no opening hours"):
        add_business_days(never, at(2026, 1, 1), 1)
    with pytest.raises(ValueError, match="no opening hours"):
        next_opening(never, at(2026, 1, 1))


def test_a_time_without_zone_and_an_amount_backwards_are_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        is_open(OFFICE, datetime(2026, 1, 5, 10))  # noqa: DTZ001
    with pytest.raises(ValueError, match="forward"):
        add_business_days(OFFICE, at(2026, 1, 5), -1)
    with pytest.raises(ValueError, match="forward"):
        add_business_time(OFFICE, at(2026, 1, 5), timedelta(hours=-1))


@given(calendar=calendars, a=instants, b=instants, days=st.integers(0, 60))
def test_who_comes_first_is_promised_no_later(calendar: BusinessCalendar, a: datetime, b: datetime, days: int) -> None:
    early, late = sorted((a, b))
    assert add_business_days(calendar, early, days) <= add_business_days(calendar, late, days)


@given(calendar=calendars, start=instants, days=st.integers(0, 60))
def test_one_day_more_is_the_next_business_day(calendar: BusinessCalendar, start: datetime, days: int) -> None:
    due, later = add_business_days(calendar, start, days), add_business_days(calendar, start, days + 1)
    assert start < due < later
    assert is_business_day(calendar, local_day(calendar, later - timedelta(microseconds=1)))


@given(calendar=calendars, start=instants, one=amounts, other=amounts)
def test_time_added_in_two_steps_is_time_added_in_one(
    calendar: BusinessCalendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    stepwise = add_business_time(calendar, add_business_time(calendar, start, one), other)
    assert stepwise == add_business_time(calendar, start, one + other)


@given(calendar=calendars, start=instants, amount=amounts)
def test_time_added_is_the_time_found_between(calendar: BusinessCalendar, start: datetime, amount: timedelta) -> None:
    assert business_time_between(calendar, start, add_business_time(calendar, start, amount)) == amount


@given(calendar=calendars, times=st.tuples(instants, instants, instants))
def test_time_between_adds_up_and_turns_its_sign(
    calendar: BusinessCalendar, times: tuple[datetime, datetime, datetime]
) -> None:
    a, b, c = sorted(times)
    parts = business_time_between(calendar, a, b) + business_time_between(calendar, b, c)
    assert parts == business_time_between(calendar, a, c)
    assert business_time_between(calendar, c, a) == -parts
    assert timedelta(0) <= parts <= c - a


@given(calendar=calendars, instant=instants)
def test_the_next_opening_is_open_and_nothing_is_open_before_it(calendar: BusinessCalendar, instant: datetime) -> None:
    opening = next_opening(calendar, instant)
    assert is_open(calendar, opening)
    assert business_time_between(calendar, instant, opening) == timedelta(0)
