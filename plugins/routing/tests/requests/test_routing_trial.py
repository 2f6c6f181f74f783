"""Trying rules on past requests: the same answers as at intake, for what one may see, in pieces."""

from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.jurisdictions.places import locate, zones_at
from parvis.requests.amendments import assign
from parvis.requests.keeping.retention import erase
from parvis.requests.visibility import SYSTEM_VIEWER, Reach, Viewer
from parvis_routing import trying
from parvis_routing.rules import Rule, Rules
from parvis_routing.trying import try_out
from parvis_sdk.conditions import Is
from parvis_testing.town import ANA, HERE

NOW = Rules(default="citizens")


@pytest.fixture
def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


async def tried(town, here, rule, viewer=SYSTEM_VIEWER, **given):
    return await try_out(town.host, viewer, here, NOW, Rules(rules=(rule,), default="citizens"), **given)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(unit="roads", types=("hole",)),
        Rule(unit="roads", words=("trou",)),
        Rule(unit="roads", answers=Is(field="danger", value=True)),
        Rule(unit="roads", channels=("phone",)),
    ],
)
async def test_requests_of_the_past_go_where_new_ones_would(town, here, rule):
    with_place = await town.submit(answers={"danger": True, "words": "Un trou"}, channel="phone")
    trial = await tried(town, here, rule)
    (shift,) = trial.shifts
    assert (shift.before, shift.after, shift.count, shift.examples) == ("citizens", "roads", 1, (with_place.reference,))


async def test_a_request_without_a_place_is_tried_too(town, here):
    await town.submit("quarrel", answers={"kind": "noise", "words": "Un trou de bruit"}, place=None)
    zone = here.zones[0].code
    assert (await tried(town, here, Rule(unit="roads", words=("trou",)))).moved == 1
    assert (await tried(town, here, Rule(unit="roads", zones=(zone,), owners=("x",), words=("trou",)))).moved == 0


async def test_only_what_one_sees_is_tried_and_what_was_destroyed_is_not(town, here):
    receipts = [await town.submit() for _ in range(3)]
    await assign(town.host, receipts[0].reference, unit="parks", actor=ANA)
    reach = Reach(permissions=frozenset({"see"}), jurisdiction="parvis", unit="parks")
    over_parks = Viewer(kind="agent", id="ana", reaches=(reach,))
    rule = Rule(unit="roads", types=("hole",), priority=1)
    trial = await tried(town, here, rule, over_parks)
    assert (trial.tried, trial.moved, trial.pressing) == (1, 1, 1)
    assert trial.shifts[0].examples == (receipts[0].reference,)
    await erase(town.host, receipts[1].reference, actor=ANA)
    assert (await tried(town, here, rule)).tried == 2


async def test_the_newest_are_tried_in_pieces_and_those_long_ago_are_not(town, here, monkeypatch):
    monkeypatch.setattr(trying, "PIECE", 2)
    with clock.moved_to(clock.now() - timedelta(days=100)):
        await town.submit()
    receipts = [await town.submit() for _ in range(5)]
    rule = Rule(unit="roads", types=("hole",))
    with counted() as statements:
        trial = await tried(town, here, rule)
    assert (trial.tried, trial.all_of_them, statements.count) == (5, True, 3)
    assert set(trial.shifts[0].examples) == {each.reference for each in receipts}
    newest = await tried(town, here, rule, most=2)
    assert (newest.tried, newest.all_of_them) == (2, False)
    assert set(newest.shifts[0].examples) == {each.reference for each in receipts[-2:]}


def test_zones_of_many_points_are_those_of_each(jurisdictions):
    here = jurisdictions.jurisdiction("parvis")
    points = [(HERE["lon"], HERE["lat"]), (None, None), (0.0, 0.0), *((-73.7 + n / 50, 45.5) for n in range(12))]
    expected = [locate(here, *point).zone_codes if point[0] is not None else () for point in points]
    assert zones_at(here, points) == expected
    assert zones_at(structs.replace(here, zones=()), points) == [()] * len(points)
