"""What the dashboard draws: curves from left to right, zones that the town has drawn itself, and its target."""

from pathlib import Path

from parvis.jurisdictions.reading import Findings, Table
from parvis_dashboards.desk.at_a_glance import announcements
from parvis_dashboards.desk.drawing import Series, chart, round_top
from parvis_dashboards.desk.sectors import sector_map
from parvis_dashboards.figures import Line
from parvis_dashboards.town_targets import Targets, read_targets

LEVELS = ((0.0, "0 %"), (1.0, "100 %"))
NOTHING = {name: 0 for name in Line.__struct_fields__} | {"code": ""}


def line(code, standing, late):
    return Line(**NOTHING | {"code": code, "standing": standing, "late": late})


def test_time_runs_from_left_to_right_and_a_week_without_a_number_is_a_gap():
    drawn = chart((Series(name="Tenues", kind="now", values=(1.0, None, 0.5, 0.0)),), ("a", "b", "c", "d"), LEVELS)
    (curve,) = drawn.curves
    across, down = zip(*curve.dots, strict=True)
    assert list(across) == sorted(across)
    assert list(down) == sorted(down)
    assert curve.path.count("M") == 2
    assert [words for _, words in drawn.across] == ["a", "b", "c", "d"]


def test_the_top_of_a_scale_is_a_round_number_that_nothing_is_above():
    assert [round_top([most]) for most in (0, 4, 7, 53, 101, None)] == [5, 5, 10, 100, 200, 5]


async def test_each_zone_of_the_town_is_drawn_and_where_most_is_overdue_comes_first(town):
    parvis = town.host.jurisdictions.jurisdiction("parvis")
    first, second, *others = [zone.code for zone in parvis.zones]
    found = sector_map(parvis, [line(second, 10, 1), line(first, 10, 9), line("", 40, 40), line("gone", 3, 3)])
    assert len(found.drawn) == len(parvis.zones)
    assert all(each.outline.path.startswith("M") and each.outline.path.endswith("z") for each in found.drawn)
    assert [(each.line.code, each.rank, each.level) for each in found.listed] == [(first, 1, 3), (second, 2, 2)]
    assert {each.level for each in found.drawn if each.line is None} == ({0} if others else set())
    assert max(found.ground.width, found.ground.height) == 500


def test_a_town_sets_its_target_in_percent():
    findings = Findings(Path())
    assert read_targets(Table(findings, Path(), "dashboard", {"promises_kept": 90})) == Targets(kept=0.9)
    assert read_targets(Table(findings, Path(), "dashboard", {})) == Targets()
    assert not findings.mistakes
    read_targets(Table(findings, Path(), "dashboard", {"promises_kept": 900, "other": 1}))
    assert len(findings.mistakes) == 2


async def test_what_a_town_tells_of_itself_is_no_type_that_anybody_asks_for(town):
    types = town.host.plugins.request_types.values()
    assert announcements(types) == frozenset()
