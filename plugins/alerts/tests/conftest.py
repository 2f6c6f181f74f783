"""A town with this module and a connector to another system."""

import pytest

from parvis_testing.alerts import *
from parvis_testing.connectors import *
from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("alerts")
