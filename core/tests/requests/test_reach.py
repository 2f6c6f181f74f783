"""One rule, asked in hand and of the database: whoever sees a row finds it, counts it, and nobody else does."""

import itertools
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from parvis.access_scope import Area, Reach, Scope, scope_over
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.lists.mapped import grouped
from parvis.requests.lists.nearby import open_around
from parvis.requests.lists.search import Filters, of_same_person, queue
from parvis.requests.records import as_json, record_of, those_of
from parvis.requests.visibility import Viewer, scope_of, sees, sees_contact
from parvis_testing.town import HERE

UNITS = ("public_works", "roads", "lighting", "parks", "trees")
ZONES = ("plateau", "outremont", "")
ANA = "01a21300-0000-7000-8000-00000000000a"
LUC = "01a21300-0000-7000-8000-00000000000b"
KEPT = ((), (ANA,), (LUC,))

reaches = some.builds(
    Reach,
    permissions=some.sampled_from((frozenset({"see"}), frozenset({"see", "contacts"}), frozenset({"report"}))),
    jurisdiction=some.sampled_from(("parvis", "parvis", "parvis", "rivemont")),
    unit=some.sampled_from(("", *UNITS)),
    zones=some.frozensets(some.sampled_from(("plateau", "outremont")), max_size=2),
)
viewers = some.builds(
    Viewer,
    kind=some.sampled_from(("agent", "token")),
    id=some.sampled_from((ANA, LUC)),
    reaches=some.lists(reaches, max_size=3).map(tuple),
)


def test_what_is_in_hand_is_judged_by_unit_zone_and_conflict_of_interest():
    def at(unit="roads", zone="plateau", excluded_agents=(), jurisdiction="parvis"):
        return SimpleNamespace(jurisdiction=jurisdiction, unit=unit, zone=zone, excluded_agents=excluded_agents)

    scope = Scope(
        jurisdiction="parvis",
        areas=(Area(units=frozenset({"roads"}), zones=frozenset({"plateau"})), Area(units=frozenset({"parks"}))),
        besides=ANA,
    )
    assert scope.holds(at())
    assert scope.holds(at("parks", "outremont"))
    assert scope.holds(at("trees"), ("trees", "roads"))
    for other in (at(zone="outremont"), at("trees"), at(excluded_agents=(LUC, ANA)), at(jurisdiction="rivemont")):
        assert not scope.holds(other)
    assert not Scope(jurisdiction="parvis", areas=()).holds(at())


def test_nothing_is_reached_in_a_town_that_is_not_served():
    everywhere = Reach(permissions=frozenset({"see"}), jurisdiction="gone")
    assert scope_over((everywhere,), ("see",), None).areas == ()


class Rows(list):
    """Told in one word where a property fails."""

    def __repr__(self) -> str:
        return "rows"


@pytest.fixture
async def rows(town):
    """One request for each unit, zone and person from whom it is kept."""
    for unit_code, zone, kept in itertools.product(UNITS, ZONES, KEPT):
        receipt = await town.submit(answers={"danger": False, "words": "Girafe"})
        columns = {"unit": unit_code, "zone": zone, "kept_from": as_json(kept)}
        async with transaction(town.host.engine):
            await ServiceRequest.update(columns).where(ServiceRequest.reference == receipt.reference)
    return Rows(record_of(row) for row in await ServiceRequest.select())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(viewer=viewers)
async def test_seen_listed_found_counted_and_mapped_are_the_same_requests(town, rows, viewer):
    host, jurisdictions = town.host, town.host.jurisdictions
    seen = {each.reference for each in rows if sees(viewer, each, jurisdictions)}
    listed = await queue(host, viewer, "parvis", Filters(), limit=200)
    assert ({row.reference for row in listed.rows}, listed.total) == (seen, len(seen))
    found = await queue(host, viewer, "parvis", Filters(text="girafe"), limit=200)
    assert {row.reference for row in found.rows} == seen
    scope = scope_of(viewer, "parvis", jurisdictions, "see")
    assert await those_of((scope,), [each.reference for each in rows]) == seen
    drawn = await grouped(host, viewer, "parvis", Filters(), 5)
    assert sum(group.requests for group in drawn) == len(seen)
    assert bool(await open_around(scope, HERE["lon"], HERE["lat"])) == bool(seen)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(viewer=viewers)
async def test_a_person_is_found_by_name_where_one_may_see_who_asked_and_nowhere_else(town, rows, viewer):
    host, jurisdictions = town.host, town.host.jurisdictions
    known = {each.reference for each in rows if sees_contact(viewer, each, jurisdictions)}
    by_name = await queue(host, viewer, "parvis", Filters(text="zoé côté"), limit=200)
    assert {row.reference for row in by_name.rows} == known
    theirs = await of_same_person(host, viewer, rows[0], "zoe@exemple.ca", "", limit=200)
    assert {row.reference for row in theirs} == known - {rows[0].reference}
