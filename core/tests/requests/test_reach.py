"""One rule of visibility, in memory and in SQL: who may see a row finds and counts it, and nobody else does."""

from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings

from parvis.access_scope import Area, Reach, Scope, scope_over
from parvis.requests.lists.mapped import grouped
from parvis.requests.lists.nearby import open_around
from parvis.requests.lists.search import Filters, of_same_person, queue
from parvis.requests.records import those_of
from parvis.requests.visibility import scope_of, sees, sees_contact
from parvis_testing.reach import ANA, LUC, rows, viewers
from parvis_testing.town import HERE

__all__ = ["rows"]


def test_what_is_in_hand_is_judged_by_unit_zone_and_conflict_of_interest():
    def at(unit="roads", zone="plateau", excluded_agents=(), jurisdiction="parvis", type="hole"):
        held = {"excluded_agents": excluded_agents, "type": type}
        return SimpleNamespace(jurisdiction=jurisdiction, unit=unit, zone=zone, **held)

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
    of_one_type = Scope(jurisdiction="parvis", areas=(Area(types=frozenset({"hole"})),))
    assert of_one_type.holds(at())
    assert not of_one_type.holds(at(type="quarrel"))
    assert not of_one_type.is_whole
    assert of_one_type.whole_units == frozenset()


def test_nothing_is_reached_in_a_town_that_is_not_served():
    everywhere = Reach(permissions=frozenset({"see"}), jurisdiction="gone")
    assert scope_over((everywhere,), ("see",), None).areas == ()


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
