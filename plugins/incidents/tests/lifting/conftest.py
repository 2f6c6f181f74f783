"""The desk of a town whose notices stand in its files, too."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return only("incidents", "advisories")
