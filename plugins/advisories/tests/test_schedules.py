"""What comes by a schedule: weekdays by zone, every other week, in season, moved by holidays and by the town."""

import re
from datetime import date
from pathlib import Path

import pytest

from parvis.jurisdictions import JurisdictionError
from parvis_advisories.schedules import SCHEDULES
from parvis_advisories.town_notices import NOTICES

GUIDE = (Path(__file__).parents[3] / "docs/towns.md").read_text(encoding="utf-8")

WRITTEN = """
[collections]
until = "20:00"
holidays = "next_day"

[[collections.rounds]]
stream = "garbage"
weekday = "monday"
zones = ["west"]

[[collections.rounds]]
stream = "garbage"
weekday = "tuesday"
zones = ["east"]

[[collections.rounds]]
stream = "bulky"
weekday = "friday"
weeks = 2
first = 2026-01-09

[[collections.rounds]]
stream = "leaves"
weekday = "friday"
season = ["11-15", "02-10"]

[[collections.moved]]
date = 2026-11-23
to = 2026-11-25
note = { fr = "Élections", en = "Elections" }
streams = ["garbage"]

[[collections.moved]]
date = 2026-12-04
"""


@pytest.fixture
def schedule(small_town):
    small_town.write("essai/schedules.toml", WRITTEN)
    return SCHEDULES.of(small_town.load())["collections"]


@pytest.mark.parametrize(
    ("stream", "zones", "day", "comes"),
    [
        ("garbage", ("west",), date(2026, 11, 16), True),
        ("garbage", ("west",), date(2026, 11, 17), False),
        ("garbage", ("east",), date(2026, 11, 17), True),
        ("garbage", ("west",), date(2026, 11, 23), False),  # moved by the town
        ("garbage", ("west",), date(2026, 11, 25), True),
        ("garbage", ("east",), date(2026, 11, 24), True),  # not concerned
        ("garbage", ("west",), date(2026, 10, 12), False),  # Thanksgiving
        ("garbage", ("west",), date(2026, 10, 13), True),
        ("bulky", (), date(2026, 11, 27), True),
        ("bulky", (), date(2026, 11, 20), False),
        ("bulky", (), date(2026, 12, 25), False),  # Christmas, which is a Friday
        ("bulky", (), date(2026, 12, 26), True),
        ("leaves", (), date(2026, 11, 13), False),
        ("leaves", (), date(2027, 2, 5), True),  # the season goes over New Year’s Day
        ("leaves", (), date(2026, 12, 4), False),  # dropped
    ],
)
def test_a_round_comes_on_its_days_and_no_others(schedule, stream, zones, day, comes):
    assert schedule.comes_on(schedule.rounds_for(stream, zones), day) is comes


def test_the_last_and_the_next_day_are_found_and_a_missing_one_is_explained(schedule):
    rounds = schedule.rounds_for("garbage", ("west",))
    assert schedule.last_day(rounds, date(2026, 11, 25)) == date(2026, 11, 16)
    assert schedule.next_day(rounds, date(2026, 11, 22)) == date(2026, 11, 25)
    assert schedule.why_not(rounds, date(2026, 11, 23)).en == "Elections"
    assert schedule.why_not(rounds, date(2026, 10, 12)).fr.startswith("Action de grâce")
    assert schedule.why_not(rounds, date(2026, 11, 24)) is None


def test_of_a_place_in_no_zone_and_of_a_stream_it_lacks_the_schedule_knows_nothing(schedule):
    assert schedule.rounds_for("garbage", ()) == ()
    assert schedule.rounds_for("glass", ("west",)) == ()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[c]\n[[c.rounds]]\nstream = "g"\nweekday = "lundi"', "rounds[1].weekday · 'lundi' is unknown"),
        ('[c]\n[[c.rounds]]\nstream = "g"', "c.rounds[1].weekday · is missing"),
        ('[c]\n[[c.rounds]]\nstream = "g"\nweekday = "monday"\nweeks = 2', "c.rounds[1].first · is missing"),
        (
            '[c]\n[[c.rounds]]\nstream = "g"\nweekday = "monday"\nweeks = 2\nfirst = 2026-01-06',
            "c.rounds[1].first · 2026-01-06 is no monday",
        ),
        ('[c]\n[[c.rounds]]\nstream = "g"\nweekday = "monday"\nzones = ["wset"]', "did you mean 'west'?"),
        ('[c]\n[[c.rounds]]\nstream = "g"\nweekday = "monday"\nseason = ["04-15"]', "c.rounds[1].season"),
        ("[c]", "c.rounds · is missing"),
        (
            '[c]\nuntil = "25 h"\n[[c.rounds]]\nstream = "g"\nweekday = "monday"',
            "c.until · '25 h' is not an hour",
        ),
        (
            '[c]\n[[c.rounds]]\nstream = "g"\nweekday = "monday"\n[[c.moved]]\nto = 2026-12-26',
            "c.moved[1].date · is missing",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(small_town, wrong, said):
    small_town.write("essai/schedules.toml", wrong)
    with pytest.raises(JurisdictionError) as told:
        small_town.load()
    assert said in str(told.value)


def test_the_guide_of_towns_shows_both_files(small_town):
    for name in ("notices.toml", "schedules.toml"):
        written = re.search(rf"^## {name}\n\n```toml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
        small_town.write(f"essai/{name}", written[1])
    town = small_town.load()
    assert [notice.kind for notice in NOTICES.of(town)] == ["inform", "stop"]
    assert len(SCHEDULES.of(town)["collections"].rounds) == 2
