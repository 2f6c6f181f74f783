"""A town with a connector to another system, whose exchanges are kept."""

import pytest

from parvis_testing.alerts import *
from parvis_testing.connectors import *
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return only("plugin_checks", "connectors")
