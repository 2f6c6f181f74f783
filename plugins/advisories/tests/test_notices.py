"""Notices of a town: when and where they hold, read again when they change, whole or not at all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis.strategies import dates, sampled_from

from parvis.deployment import compose
from parvis.jurisdictions import JurisdictionError
from parvis.jurisdictions.calendars import span_around, within_year
from parvis.jurisdictions.loading import load_jurisdictions
from parvis.jurisdictions.town_files import Offer
from parvis.module_settings import files_of, loose_ends_of
from parvis.requests.advice import Notice
from parvis.rereading import rereadings
from parvis.settings import Settings
from parvis_advisories.notice_board import NoticeBoard
from parvis_advisories.town_notices import NOTICES as NOTICE_FILE
from parvis_sdk.text import Text

NOTICES = """
[water]
kind = "stop"
types = ["leak"]
zones = ["west"]
urgent = true
from = 2026-11-25
until = 2026-11-26
title = { fr = "Avis d’ébullition", en = "Boil water" }

[summer]
every_year = ["06-01", "08-31"]
title = { fr = "Piscines ouvertes", en = "Pools open" }

[storm]
kind = "divert"
types = ["branch"]
from = 2026-11-25T18:00:00
phone = "450 555-0199"
title = { fr = "Tempête", en = "Storm" }
"""


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def town(small_town):
    small_town.write("essai/notices.toml", NOTICES)
    return small_town.load()


def test_a_notice_holds_in_its_time_by_the_clock_of_the_town(town):
    def in_force(now):
        return {notice.code for notice in NOTICE_FILE.of(town) if notice.is_in_force(now)}

    assert in_force(at(25, 4)) == set()  # still the 24th in this town
    assert in_force(at(25, 12)) == {"water"}
    assert in_force(at(26, 12)) == {"water", "storm"}  # the last day counts whole
    assert in_force(at(27, 6)) == {"storm"}
    assert in_force(at(1, 12, month=7)) == {"summer"}
    assert NOTICE_FILE.of(town)[0].code == "water"


def test_a_notice_of_a_zone_holds_there_only(town):
    water = next(notice for notice in NOTICE_FILE.of(town) if notice.code == "water")
    assert water.holds_in(("west",))
    assert not water.holds_in(("east",))
    assert not water.holds_in(())
    assert water.is_about("leak")
    assert not water.is_about("pothole")


WINTER, SUMMER, LEAP_DAY, NEW_YEAR = ((12, 1), (3, 31)), ((5, 1), (10, 15)), ((2, 29), (2, 29)), ((1, 1), (1, 1))
SPANS = [WINTER, SUMMER, LEAP_DAY, NEW_YEAR, ((2, 29), (6, 1)), ((12, 1), (2, 29))]


@given(day=dates(date(1890, 1, 1), date(2110, 1, 1)), span=sampled_from(SPANS))
def test_a_day_lies_in_the_part_of_the_year_that_is_told_of_it_and_the_next_one_is_the_nearest(day, span):
    begins, ends = span_around(day, *span)
    assert begins <= ends >= day
    assert (begins <= day) is within_year(day, *span)
    assert within_year(begins, *span)
    assert within_year(ends, *span)
    assert not within_year(ends + timedelta(days=1), *span) or span[0] == (1, 1)
    if begins > day:
        between = (day + timedelta(days=number) for number in range(min(400, (begins - day).days)))
        assert not any(within_year(each, *span) for each in between)


@pytest.mark.parametrize(
    ("now", "first", "last", "told"),
    [
        (at(1, 4, 12), (12, 1), (3, 31), (date(2026, 12, 1), date(2027, 3, 31))),
        (at(1, 3, 4), (12, 1), (3, 31), (date(2025, 12, 1), date(2026, 3, 31))),
        (at(1, 5, 4), (12, 1), (3, 31), (date(2026, 12, 1), date(2027, 3, 31))),
        (at(1, 5, 1), (12, 1), (2, 29), (date(2025, 12, 1), date(2026, 2, 28))),
        (at(1, 5, 7), (12, 1), (2, 29), (date(2026, 12, 1), date(2027, 2, 28))),
        (at(1, 12, 2), (2, 29), (4, 1), (date(2026, 3, 1), date(2026, 4, 1))),
        (at(1, 12, 2), (2, 29), (2, 29), (date(2028, 2, 29), date(2028, 2, 29))),
    ],
)
def test_what_comes_every_year_tells_when_by_the_day_of_the_town(now, first, last, told):
    notice = Notice(code="a", title=Text(fr="A"), every_year=(first, last))
    assert notice.occurrence(now) == told
    local = now.astimezone(ZoneInfo("America/Toronto")).date()
    assert notice.is_in_force(now) is (told[0] <= local <= told[1])


def test_in_utc_the_day_may_be_another_than_the_day_of_the_town():
    notice = Notice(code="a", title=Text(fr="A"), every_year=((12, 1), (3, 31)))
    assert [notice.is_in_force(each) for each in (at(1, 4, 12), at(1, 6, 12))] == [False, True]  # in UTC both the 1st
    assert [notice.is_in_force(each) for each in (at(1, 3, 4), at(1, 5, 4))] == [True, False]  # there both 1 April


def test_a_yearly_notice_begins_in_the_year_that_was_written_and_comes_no_more_after_its_end():
    town = ZoneInfo("America/Toronto")
    notice = Notice(
        code="a",
        title=Text(fr="A"),
        every_year=((12, 1), (3, 31)),
        since=datetime(2027, 12, 1, tzinfo=town).astimezone(UTC),
        until=datetime(2029, 2, 1, tzinfo=town).astimezone(UTC),
    )
    assert not notice.is_in_force(at(15, 12, 1))
    assert notice.occurrence(at(15, 12, 1)) == (date(2027, 12, 1), date(2028, 3, 31))
    assert notice.occurrence(datetime(2028, 12, 15, tzinfo=UTC)) == (date(2028, 12, 1), date(2029, 1, 31))
    assert notice.occurrence(datetime(2029, 2, 2, tzinfo=UTC)) is None
    assert Notice(code="b", title=Text(fr="B")).occurrence(at(1, 1)) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[a]\nkind = "divert"\ntypes = ["x"]\ntitle = { fr = "T", en = "T" }', "a · diverts to nowhere"),
        ('[a]\nkind = "stop"\ntitle = { fr = "T", en = "T" }', "a.types · is missing"),
        ('[a]\nfrom = 2026-02-02\nuntil = 2026-01-01\ntitle = { fr = "T", en = "T" }', "a.until · comes before from"),
        ('[a]\nzones = ["north"]\ntitle = { fr = "T", en = "T" }', "'north' is not a zone"),
        ('[a]\ntitle = { fr = "T" }', "a.title · has no English"),
        ("[a]\nkind = 'inform'", "a.title · is missing"),
        ('[a]\nuntil = 9999-12-31\ntitle = { fr = "T", en = "T" }', "a.until · 9999-12-31 is out of reach"),
        ('[a]\nfrom = 9999-12-31T23:00:00-12:00\ntitle = { fr = "T", en = "T" }', "is out of reach"),
        ('[a]\nkind = "divert"\ntypes = ["x"]\nto = "x"\ntitle = { fr = "T", en = "T" }', "is itself among the types"),
    ],
)
def test_a_mistake_is_told_with_its_place(small_town, wrong, said):
    small_town.write("essai/notices.toml", wrong)
    with pytest.raises(JurisdictionError) as told:
        small_town.load()
    assert said in str(told.value)


def test_notices_are_read_again_when_they_change_and_a_mistake_leaves_those_before(small_town, modules):
    small_town.write("essai/notices.toml", NOTICES)
    jurisdictions = load_jurisdictions(small_town.folder, files_of(modules))
    board = NoticeBoard()
    town = jurisdictions.jurisdiction("essai")

    def codes():
        board.look(jurisdictions)
        return {notice.code for notice in board.all_of(town) if notice.is_in_force(at(25, 12))}

    assert codes() == {"water"}
    small_town.write("essai/notices.toml", NOTICES.replace("[water]", "[boiling_water]"))
    assert codes() == {"boiling_water"}
    small_town.write("essai/notices.toml", NOTICES.replace('"west"', '"nowhere-at-all"'))
    assert codes() == {"boiling_water"}
    assert [mistake.what for mistake in board.mistakes] == ["'nowhere-at-all' is not a zone of this jurisdiction"]
    (small_town.folder / "essai/notices.toml").unlink()
    assert codes() == set()
    assert board.mistakes == ()


def test_types_that_nothing_installed_provides_are_a_loose_end(town, small_town, modules):
    jurisdictions = load_jurisdictions(small_town.folder, files_of(modules))
    ends = loose_ends_of(jurisdictions, modules, Offer(types={"leak": object()}))
    assert [(end.file, end.key) for end in ends] == [("essai/notices.toml", "storm")]


async def test_operators_read_what_is_wrong_in_a_changed_file_on_or_off(small_town, modules, tmp_path):
    small_town.write("essai/notices.toml", NOTICES)
    settings = Settings(territory=small_town.folder, data=tmp_path, secret_key="s" * 40, worker=False)
    deployment = compose(settings, [], modules=modules)
    town = deployment.jurisdictions.jurisdiction("essai")
    assert not deployment.host.modules.of(town).has("advisories")
    small_town.write("essai/notices.toml", NOTICES.replace('"west"', '"nowhere-at-all"'))
    for look in rereadings(deployment.host):
        await look()
    (wrong,) = [each for each in deployment.to_mend if "nowhere" in each.what]
    assert (wrong.file, wrong.key) == ("essai/notices.toml", "water.zones")
    small_town.write("essai/notices.toml", NOTICES)
    for look in rereadings(deployment.host):
        await look()
    assert not [each for each in deployment.to_mend if "nowhere" in each.what]
    await deployment.host.engine.close()
