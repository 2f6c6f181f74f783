"""What ends on a day of the calendar ends on the next one, and a renewal goes to the one after."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from msgspec import structs

from parvis_sdk.calendar_days import YEAR_END, Anniversary, MonthDay, calendar_mistakes, next_of
from parvis_sdk.days import last_day
from parvis_sdk.fields import Date
from parvis_sdk.forms import Form, Section
from parvis_sdk.moments import Occasion
from parvis_sdk.request_types import dump_type, load_type
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_sdk.validity import Renewal, Validity
from parvis_sdk.validity_rules import changed_by

L = Text(fr="Licence", en="Licence")
ID = UUID(int=1)
TERRACES = MonthDay(month=10, day=15, season="terraces")


class Town:
    time_zone = "America/Toronto"


def on(day: date, answers=None, **seasons) -> Occasion:
    at = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    return Occasion(at=at, town=Town(), answers=answers or {}, given={}, seasons=seasons)


def granted(validity: Validity, occasion: Occasion):
    return changed_by(occasion, validity, None, "valid", id=ID)[0]


@pytest.mark.parametrize(
    ("until", "day", "ends"),
    [
        (YEAR_END, date(2026, 5, 4), date(2026, 12, 31)),
        (YEAR_END, date(2026, 12, 31), date(2026, 12, 31)),
        (MonthDay(month=12, day=31, least=90), date(2026, 10, 2), date(2026, 12, 31)),
        (MonthDay(month=12, day=31, least=90), date(2026, 10, 3), date(2027, 12, 31)),
        (MonthDay(month=2, day=29), date(2026, 3, 1), date(2027, 2, 28)),
        (MonthDay(month=2, day=29), date(2027, 3, 1), date(2028, 2, 29)),
        (TERRACES, date(2026, 5, 4), date(2026, 10, 31)),
        (MonthDay(month=10, day=15, season="ice"), date(2026, 5, 4), date(2026, 10, 15)),
        (Anniversary(of="born_on"), date(2026, 5, 4), date(2026, 6, 1)),
        (Anniversary(of="born_on"), date(2026, 6, 2), date(2027, 6, 1)),
        (Anniversary(of="born_on", least=60), date(2026, 5, 4), date(2027, 6, 1)),
    ],
)
def test_what_was_granted_ends_on_the_next_such_day(until, day, ends):
    validity = Validity(code="licence", title=L, until=until)
    held = granted(validity, on(day, {"born_on": "2019-06-01"}, terraces=(10, 31)))
    assert last_day(Town(), held.until) == ends


def test_the_anniversary_of_a_day_to_come_is_a_year_after_it():
    assert next_of(Anniversary(of="born_on"), date(2026, 5, 4), date(2026, 6, 1), {}) == date(2027, 6, 1)
    assert next_of(Anniversary(of="born_on"), date(2026, 5, 4), None, {}) is None


@pytest.mark.parametrize("extends", ["end", "now"])
@pytest.mark.parametrize("day", [date(2026, 12, 1), date(2027, 1, 10)])
def test_a_renewal_goes_to_the_day_after_the_end_and_not_to_the_same_again(extends, day):
    renewal = Renewal(opens=60, grace=30, extends=extends)
    validity = Validity(code="licence", title=L, until=YEAR_END, renewal=renewal)
    held = granted(validity, on(date(2026, 5, 4)))
    again, words = changed_by(on(day), validity, held, "renewed", id=ID)
    assert (last_day(Town(), again.until), words) == (date(2027, 12, 31), ("renewed",))


def test_a_renewal_with_a_time_of_its_own_keeps_it():
    validity = Validity(code="licence", title=L, until=YEAR_END, renewal=Renewal(opens=60, months=6))
    held = granted(validity, on(date(2026, 5, 4)))
    again, _ = changed_by(on(date(2026, 12, 1)), validity, held, "renewed", id=ID)
    assert last_day(Town(), again.until) == date(2027, 6, 30)


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (MonthDay(month=6, day=31), "no year has a day 31 of month 6"),
        (MonthDay(month=13, day=1), "no year has a day 1 of month 13"),
        (MonthDay(month=1, day=1, least=400), "400 days cannot be the least"),
        (MonthDay(month=1, day=1, season="L’été"), "cannot be a code"),
    ],
)
def test_a_day_that_cannot_be_is_told_to_its_author(until, said):
    (mistake,) = calendar_mistakes(until, "validity 'licence' · until")
    assert said in str(mistake)
    assert [str(each) for each in Validity(code="licence", title=L, until=until).mistakes()] == [str(mistake)]


def test_an_anniversary_is_of_a_date_that_is_asked():
    def mistakes(*asked):
        form = Form(sections=(Section(code="s", title=L, fields=asked),))
        term = Validity(code="licence", title=L, until=Anniversary(of="born_on"))
        return [str(each) for each in term.mistakes_in(_with(form, term))]

    assert "'born_on' is no question that is asked there" in mistakes()[0]
    assert mistakes(Date(code="born_on", label=L)) == []


def test_a_declaration_keeps_its_day_of_the_calendar():
    for until in (TERRACES, Anniversary(of="born_on"), "ends_on"):
        term = Validity(code="licence", title=L, until=until)
        (kept,) = load_type(dump_type(_with(SAMPLE.form, term))).of(Validity)
        assert kept == term


def _with(form: Form, *parts):
    return structs.replace(SAMPLE, form=form, parts=parts)
