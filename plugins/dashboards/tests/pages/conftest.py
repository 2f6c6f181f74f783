"""The desk and the portal of a town with dashboards, where answers that need no request are counted too."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return only("dashboards", "telephone")
