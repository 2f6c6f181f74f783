"""The desk of a town that issues documents."""

import pytest

from parvis.plugins import DiscoveredPlugin
from parvis_testing.desk import *
from parvis_testing.town import HOLE, plugin_of

from ..conftest import WORKS


@pytest.fixture(scope="session")
def town_plugin():
    return DiscoveredPlugin.of("town", plugin_of(HOLE, WORKS))
