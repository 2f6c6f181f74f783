"""Figures count what whoever looks may count, and nothing else."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from parvis import clock
from parvis.access_scope import Reach
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.records import as_json, record_of
from parvis.requests.visibility import Viewer, may, scope_of
from parvis.selection import Period
from parvis_dashboards.figures import figures

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
async def test_figures_count_what_one_may_count(town, rows, viewer):
    scope = scope_of(viewer, "parvis", town.host.jurisdictions, "report")
    counted = {each.reference for each in rows if scope.holds(each)}
    now = clock.now()
    period = Period(since=now - timedelta(days=2), until=now + timedelta(days=1))
    told = await figures(scope, period, town.host.jurisdictions.jurisdiction("parvis").calendar)
    assert (told.total.received, told.total.standing) == (len(counted), len(counted))
    may_report = {each.reference for each in rows if may(viewer, "report", each, town.host.jurisdictions)}
    assert counted == may_report
