"""The desk of a town that asks for fees."""

import pytest

from parvis.plugins import DiscoveredPlugin
from parvis_testing.desk import *
from parvis_testing.town import HOLE, QUARREL, plugin_of

from ..permit import PERMIT


@pytest.fixture(scope="session")
def town_plugin():
    return DiscoveredPlugin.of("town", plugin_of(HOLE, QUARREL, PERMIT))
