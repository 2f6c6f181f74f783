"""The API of a town whose works are looked at."""

import pytest

from parvis.plugins import DiscoveredPlugin
from parvis_testing.api import *
from parvis_testing.town import HOLE, plugin_of

from ..works import WORKS


@pytest.fixture(scope="session")
def town_plugin():
    return DiscoveredPlugin.of("town", plugin_of(HOLE, WORKS))
