"""The desk of a town that has dashboards too, which lead to other levels tried on the past."""

import pytest

from parvis.testing.desk import *
from parvis.testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return only("service_levels", "dashboards")
