"""A town whose people speak to other systems."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("connectors", "prometheus", "service_status")
