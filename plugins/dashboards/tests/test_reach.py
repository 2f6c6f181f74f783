"""Figures count what the viewer may count, and nothing else."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from parvis import clock
from parvis.requests.visibility import may, scope_of
from parvis.selection import Period
from parvis_dashboards.figures import figures
from parvis_testing.reach import rows, viewers

__all__ = ["rows"]


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
