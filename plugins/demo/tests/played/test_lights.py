"""The demo has a report about the street lights of two owners, of which one is repaired."""

import dataclasses

import pytest

from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.requests.declarations import Declarations
from parvis.requests.lists.search import Filters, queue
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis_demo.lights import report_lights
from parvis_demo.prepare import employ
from parvis_reports import plugin as reports
from parvis_sdk.requests import Phase


@pytest.fixture
def in_town(host):
    plugins = load_plugins([DiscoveredPlugin.of("reports", reports)])
    return dataclasses.replace(host.without(Declarations), plugins=plugins)


async def test_two_lights_are_two_requests_and_the_one_that_stands_for_both_is_under_way(in_town):
    await report_lights(in_town, await employ(in_town))
    found = await queue(in_town, SYSTEM_VIEWER, "parvis", Filters(types=("street_light",)))
    assert sorted(row.phase for row in found.rows) == [Phase.DECIDED, Phase.IN_PROGRESS, Phase.RECEIVED]


async def test_where_no_lights_are_reported_nothing_is(host):
    await report_lights(host, await employ(host))
    assert (await queue(host, SYSTEM_VIEWER, "parvis", Filters(types=("street_light",)))).rows == ()
