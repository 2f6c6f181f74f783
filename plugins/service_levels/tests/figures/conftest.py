"""The desk of a town that has dashboards too, which lead to other levels tried on the past."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return only("service_levels", "dashboards")
